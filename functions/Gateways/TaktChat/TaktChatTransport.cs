using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TaktChat;

/// <summary>Makes requests as one account: logs in before the first, and once more where TaktChat says that the session is over.</summary>
internal sealed class TaktChatTransport(
    FleetSystem system, GatewayEndpoint gateway, GatewayAccount account, string email, string password, TaktChatSession session, Func<string, IGatewayTransport> http, IGatewayCallLog log,
    TimeProvider time) : IGatewayTransport
{
    public async Task<GatewayAnswer<T>> SendAsync<T>(GatewayRequest call, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellation)
    {
        if (!call.WithKey) return await http("").SendAsync(call, read, cancellation);
        string? spent = null;
        while (true)
        {
            var login = await session.TokenAsync(spent, () => LogInAsync(cancellation), cancellation);
            if (login.Token is not { } token) return login.Refusal<T>();
            var answer = await http(token).SendAsync(call, read, cancellation);
            // What was refused was not done, so commands may be sent again, too.
            if (!TaktChatErrors.IsExpired(answer) || spent is not null) return answer;
            spent = token;
        }
    }

    private async Task<TaktChatLogin> LogInAsync(CancellationToken cancellation)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var answer = await http("").SendAsync(new("login", HttpMethod.Post, "/auth/login", Body: new { email, password }), TaktChatReader.UserAsync, cancellation);
        var login = Judge(answer);
        log.Record(new GatewayCall(
            at, system.Name, gateway.Name, null, null, "login", login is { Token: not null } ? "done" : login.Status is null ? "unreachable" : "unauthorized", answer.Status, time.GetElapsedTime(started)));
        return login;
    }

    private TaktChatLogin Judge(GatewayAnswer<TaktChatUser> answer) => answer switch
    {
        // Its calls would reach another company's connections.
        { Value: { } user } when user.Company != account.Company => new(null, 403, string.Create(
            CultureInfo.InvariantCulture, $"the account of company {account.Company} is {user}: correct gateways[].accounts[].company, or the account")),
        { Value: { } user } => new(user.Token, null, null),
        { Trouble: null, Status: 400 or 401 or 403 } => new(null, answer.Status == 403 ? 403 : 401, $"login: {answer.Error}"),
        _ => new(null, null, $"login: {answer.Detail}"),
    };
}
