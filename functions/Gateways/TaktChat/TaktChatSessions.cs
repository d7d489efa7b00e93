using System.Collections.Concurrent;
using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>The sessions of all accounts, for the life of the process: a restart logs in again, and nothing of them is written down.</summary>
internal sealed class TaktChatSessions(IFleet fleet, IHttpClientFactory clients, IGatewayCallLog log, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<(string Url, string Email, string Password), TaktChatSession> _sessions = new();

    /// <summary>Throws <see cref="MissingSecretException"/> when a reference has no value.</summary>
    public IGatewayTransport Open(FleetSystem system, GatewayEndpoint gateway, GatewayAccount account)
    {
        var (url, email, password) = (fleet.Resolve(gateway.Url), fleet.Resolve(account.Email).Trim(), fleet.Resolve(account.Password).Trim());
        // By what the references hold, so that a changed password is tried at once.
        return new TaktChatTransport(
            system, gateway, account, email, password, _sessions.GetOrAdd((url, email, password), _ => new(time)), key => new GatewayTransport(clients, time, GatewayDialects.TaktChat, url, key), log, time);
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values) session.Dispose();
    }
}
