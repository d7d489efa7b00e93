using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using WhatsOps.Containers;

namespace WhatsOps.Incidents;

/// <summary>One source of evidence, and its file in the archive. It is read for 30 seconds at most; one that fails fails alone.</summary>
internal sealed record EvidenceSource(string Name, Func<CancellationToken, Task<EvidenceContent>> ReadAsync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>True: WhatsOps itself keeps it, and no engine is asked.</summary>
    public bool IsOwn { get; init; }

    /// <summary>The sources with names that may be shown. Two that are one without their phone numbers are counted: <c>logs/wa-xxx.txt</c>, <c>logs/wa-xxx.2.txt</c>.</summary>
    public static IEnumerable<EvidenceSource> Shown(IEnumerable<EvidenceSource> sources)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var source in sources)
        {
            // Windows takes no file with an asterisk.
            var name = EvidenceMask.Text(source.Name).Replace('*', 'x');
            var count = seen[name] = seen.GetValueOrDefault(name) + 1;
            yield return source with { Name = count == 1 ? name : Path.ChangeExtension(name, $"{count}{Path.GetExtension(name)}") };
        }
    }

    /// <param name="deadline">When there is no time left for any source.</param>
    public async Task<(EvidencePart Part, byte[] Bytes)> CollectAsync(TimeProvider time, CancellationToken deadline, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, deadline, cancellation);
        try
        {
            // A client library may not look at its token.
            var content = await ReadAsync(either.Token).WaitAsync(either.Token);
            if (content.Bytes is not { } bytes) return Without(EvidenceOutcome.LeftOut, content.Words);
            return (new(Name, content.IsCut ? EvidenceOutcome.Cut : EvidenceOutcome.Collected, EvidenceMask.Text(content.Words), bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), bytes);
        }
        catch (ContainerException problem)
        {
            return Without(problem.IsRefused ? EvidenceOutcome.Unauthorized : problem.IsLasting ? EvidenceOutcome.Absent : EvidenceOutcome.Unreachable, problem.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Without(EvidenceOutcome.Unreachable, deadline.IsCancellationRequested ? "There was no time left for it." : $"It was not sent within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception problem) when (problem is NpgsqlException or TimeoutException)
        {
            return Without(EvidenceOutcome.Unreachable, "What keeps it does not answer, or has it no more.");
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or InvalidDataException or JsonException or InvalidOperationException)
        {
            return Without(EvidenceOutcome.Unreachable, "What is sent of it broke off, or cannot be read.");
        }
    }

    private (EvidencePart, byte[]) Without(EvidenceOutcome outcome, string words) => (new(Name, outcome, EvidenceMask.Text(words), 0, null), []);
}
