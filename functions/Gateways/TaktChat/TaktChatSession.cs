namespace WhatsOps.Gateways.TaktChat;

/// <summary>
/// One account's session, shared by all calls. A login disconnects the other tabs of its user, so there is one for as long as TaktChat takes its token, and
/// what it refused is not tried again at once.
/// </summary>
internal sealed class TaktChatSession(TimeProvider time) : IDisposable
{
    /// <summary>How long a refused login is not repeated.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>A token that is refused this soon is not the token's fault.</summary>
    public static readonly TimeSpan Young = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1, 1);
    private string? _token;
    private DateTimeOffset _since;
    private (TaktChatLogin Answer, DateTimeOffset Until)? _refused;

    /// <param name="spent">A token that TaktChat has just refused; null: none.</param>
    /// <param name="login">Called by one caller at a time.</param>
    public async Task<TaktChatLogin> TokenAsync(string? spent, Func<Task<TaktChatLogin>> login, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (_token is { } token && token != spent) return new(token, null, null);
            if (_refused is { } refused && now < refused.Until) return refused.Answer;
            if (_token is not null && now - _since < Young) return Refuse(new(null, 401, "TaktChat refuses the session that it gave less than a minute ago: do its processes share one JWT_SECRET?"), now);
            var answer = await login();
            (_token, _since, _refused) = (answer.Token, now, null);
            // What got no answer may be tried at once: the circuit breaker counts.
            return answer is { Token: null, Status: not null } ? Refuse(answer, now) : answer;
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private TaktChatLogin Refuse(TaktChatLogin answer, DateTimeOffset now)
    {
        (_token, _refused) = (null, (answer, now + Pause));
        return answer;
    }
}
