using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>Looks at the product's Supabase: its REST API and its login service, beside the database under them. Bodies are not read.</summary>
internal sealed class ProductApi(IHttpClientFactory clients, IFleet fleet, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // Target → path. The schema of /rest/v1/ may be megabytes long: its head says enough.
    private static readonly (string Target, string Path)[] Parts = [("supabase/rest", "/rest/v1/"), ("supabase/auth", "/auth/v1/health")];

    /// <summary>One look at each part; none where the fleet file names no <c>tenantDirectory.supabaseUrl</c>.</summary>
    /// <param name="deadline">Cuts off: the look is null then.</param>
    public async Task<IReadOnlyList<ApiLook>> LookAsync(FleetSystem system, CancellationToken deadline) =>
        system.TenantDirectory is { SupabaseUrl: { } url, SupabaseKey: { } key }
            ? await Task.WhenAll(Parts.Select(async part => new ApiLook(part.Target, await LookAsync(url, part.Path, key, deadline))))
            : [];

    private async Task<Observation<int>?> LookAsync(string url, string path, string key, CancellationToken deadline)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        using var timer = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, deadline);
        try
        {
            var status = await StatusAsync(url, path, key, either.Token);
            return status switch
            {
                >= 200 and < 300 => Look(Outcome.Seen, null) with { Value = status },
                401 or 403 => Look(Outcome.Unauthorized, $"It answers {status}."),
                404 or 410 => Look(Outcome.Absent, $"It answers {status}: there is no such endpoint."),
                _ => Look(Outcome.Unreachable, $"It answers {status}."),
            };
        }
        catch (MissingSecretException missing)
        {
            return Look(Outcome.Unauthorized, missing.Message);
        }
        catch (OperationCanceledException)
        {
            return deadline.IsCancellationRequested ? null : Look(Outcome.Unreachable, $"No answer within {Limit.TotalSeconds:0} s.");
        }
        catch (Exception problem)
        {
            // Its own words may quote the address.
            return Look(Outcome.Unreachable, $"The exchange failed ({(problem as HttpRequestException)?.HttpRequestError.ToString() ?? problem.GetType().Name}).");
        }

        Observation<int> Look(Outcome outcome, string? words) => new(outcome, 0, words, at, time.GetElapsedTime(started));
    }

    private async Task<int> StatusAsync(string url, string path, string key, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fleet.Resolve(url).Trim().TrimEnd('/') + path));
        var secret = fleet.Resolve(key).Trim();
        // The platform's proxy wants the first, PostgREST the second.
        request.Headers.TryAddWithoutValidation("apikey", secret);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {secret}");
        using var client = clients.CreateClient(nameof(ProductApi));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return (int)response.StatusCode;
    }
}
