using System.Security.Cryptography;
using WhatsOps.Containers;

namespace WhatsOps.Incidents;

/// <summary>One source of evidence, and its file in the archive. It is read for 30 seconds at most; one that fails fails alone.</summary>
internal sealed record EvidenceSource(string Name, Func<CancellationToken, Task<EvidenceContent>> ReadAsync)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
            return (new(Name, content.IsCut ? EvidenceOutcome.Cut : EvidenceOutcome.Collected, content.Words, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes))), bytes);
        }
        catch (ContainerException problem)
        {
            return Without(problem.IsRefused ? EvidenceOutcome.Unauthorized : problem.IsLasting ? EvidenceOutcome.Absent : EvidenceOutcome.Unreachable, problem.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Without(EvidenceOutcome.Unreachable, deadline.IsCancellationRequested ? "There was no time left for it." : $"It was not sent within {Patience.TotalSeconds:0} s.");
        }
        catch (Exception problem) when (problem is IOException or HttpRequestException or InvalidDataException)
        {
            return Without(EvidenceOutcome.Unreachable, "What the engine sends of it broke off, or is no archive.");
        }
    }

    private (EvidencePart, byte[]) Without(EvidenceOutcome outcome, string words) => (new(Name, outcome, words, 0, null), []);
}
