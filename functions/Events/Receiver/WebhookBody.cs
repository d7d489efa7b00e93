using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WhatsOps.Events;

/// <summary>A request body in a rented buffer: all of it, or the first bytes of an oversized one, whose rest is only counted and hashed.</summary>
internal readonly struct WebhookBody(byte[] buffer, int length, long size, byte[]? sha256, bool isDecoded) : IDisposable
{
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Bytes that were sent.</summary>
    public long Size => size;

    public bool IsOversized => sha256 is not null;

    /// <summary>It came as base64 (TurboZap's <c>webhook_base64</c>) and is the JSON that was in it.</summary>
    public bool IsDecoded => isDecoded;

    /// <summary>Hash of everything that was sent.</summary>
    public byte[] Sha256 => sha256 ?? SHA256.HashData(buffer.AsSpan(0, length));

    /// <param name="mostBytes">The host's limit for this body. None when it is proven already, and what is too big is only counted: a 413 of the host would make Evolution repeat it ten times and then lose it.</param>
    /// <param name="hashes">Further hashes of everything that is sent.</param>
    public static async ValueTask<WebhookBody> ReadAsync(
        HttpRequest request, int maxBytes, CancellationToken cancellation, long? mostBytes = null, IReadOnlyList<IncrementalHash>? hashes = null)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = mostBytes;
        var expected = request.ContentLength is { } announced ? (int)Math.Min(announced, maxBytes) : 4096;
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(expected, 256));
        var length = 0;
        long size = 0;
        IncrementalHash? hash = null;
        var reader = request.BodyReader;
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync(cancellation);
                foreach (var segment in result.Buffer)
                {
                    size += segment.Length;
                    foreach (var further in hashes ?? []) further.AppendData(segment.Span);
                    if (hash is null && size > maxBytes)
                    {
                        hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                        hash.AppendData(buffer, 0, length);
                    }

                    hash?.AppendData(segment.Span);
                    if (hash is null) Append(ref buffer, ref length, segment.Span);
                }

                reader.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted || size == request.ContentLength) break;
            }
        }
        catch (BadHttpRequestException problem) when (hash is not null && problem.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // Longer than the host lets through: what came is hashed, and the envelope is kept all the same.
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            hash?.Dispose();
            throw;
        }

        var sha256 = hash?.GetHashAndReset();
        hash?.Dispose();
        var isDecoded = IsBase64(request) && TryDecode(ref buffer, ref length, isWhole: sha256 is null);
        return new WebhookBody(buffer, length, size, sha256, isDecoded);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    // Only what calls itself text is looked at twice: JSON pays nothing.
    private static bool IsBase64(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("text/", StringComparison.OrdinalIgnoreCase)
        && request.Headers["X-Content-Transfer-Encoding"].ToString().Equals("base64", StringComparison.OrdinalIgnoreCase);

    /// <summary>What is no base64 stays as it came, and is malformed like any other body that is no JSON.</summary>
    private static bool TryDecode(ref byte[] buffer, ref int length, bool isWhole)
    {
        var decoded = ArrayPool<byte>.Shared.Rent(Math.Max(Base64.GetMaxDecodedFromUtf8Length(length), 1));
        var status = Base64.DecodeFromUtf8(buffer.AsSpan(0, length), decoded, out _, out var written, isFinalBlock: isWhole);
        if (status != OperationStatus.Done && (isWhole || written == 0))
        {
            ArrayPool<byte>.Shared.Return(decoded);
            return false;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        (buffer, length) = (decoded, written);
        return true;
    }

    private static void Append(ref byte[] buffer, ref int length, ReadOnlySpan<byte> part)
    {
        if (length + part.Length > buffer.Length)
        {
            var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(length + part.Length, buffer.Length * 2));
            buffer.AsSpan(0, length).CopyTo(bigger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = bigger;
        }

        part.CopyTo(buffer.AsSpan(length));
        length += part.Length;
    }
}
