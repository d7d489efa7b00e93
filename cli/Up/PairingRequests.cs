using System.Net;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;

namespace WhatsOps.Cli.Up;

/// <summary>An instance that shows a QR code is not sick, it waits: somebody asks for its pairing, once.</summary>
internal sealed class PairingRequests(ApiClient requester)
{
    private readonly HashSet<string> _asked = [];

    /// <summary>Asks for the tenant's pairing; where a run of its instance is open, that one goes first and a later call asks again.</summary>
    public async Task AskAsync(string system, string tenant, CancellationToken cancellation)
    {
        if (_asked.Contains(tenant)) return;
        try
        {
            await requester.PostAsync<JsonNode>("api/runbooks/reauthenticate", new { system, tenant, reason = "it shows a QR code that nobody scans" }, cancellation);
            _asked.Add(tenant);
        }
        catch (CliProblem taken) when (taken.Status == HttpStatusCode.Conflict)
        {
            // The policies' timer has been here since the findings were read, and its run may be the one that shows the code.
        }
    }
}
