using System.Text.Json;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The commit that a product says it was built from.</summary>
/// <param name="Sha">At least six hex digits of its hash; null: not known.</param>
/// <param name="Words">Why it is not known, one sentence.</param>
internal sealed partial record RunningCommit(string? Sha, string Words = "")
{
    public static async Task<RunningCommit> ReadAsync(WatchHttp http, HttpTarget target, TimeProvider time, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(target.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var answer = await http.GetAsync(target.Url, "", target.Headers, withBody: true, either.Token);
            return answer.Refusal is { } refusal ? new(null, $"http/{target.Name}: {refusal.Words}") : Of(target, answer);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(null, $"http/{target.Name} does not answer within {target.TimeoutSeconds} s.");
        }
        catch (MissingSecretException missing)
        {
            return new(null, missing.Message);
        }
    }

    private static RunningCommit Of(HttpTarget target, HttpAnswer answer)
    {
        if (answer.Status != 200) return new(null, $"http/{target.Name} answers {answer.Status}.");
        try
        {
            using var json = JsonDocument.Parse(answer.Body);
            return TaktChatVersion.Commit(json.RootElement) is { } sha && Hash().IsMatch(sha)
                ? new(sha)
                : new(null, $"http/{target.Name} names no commit. Fix: a build that has its commit in it.");
        }
        catch (JsonException)
        {
            return new(null, $"http/{target.Name} answers 200, and not as TaktChat does.");
        }
    }

    [GeneratedRegex("^[0-9a-f]{6,64}$", RegexOptions.CultureInvariant)]
    private static partial Regex Hash();
}
