namespace WhatsOps.Fleet;

/// <summary>
/// Reads the secrets of all slugs that wait for it in one query, and one query at a time: whatever comes from the Internet, and however often, costs
/// the database one connection. Who asks for a slug shares the read with all who asked for it before that read began.
/// </summary>
/// <param name="read">One query for many slugs; gives each slug's secrets, or throws for it.</param>
internal sealed class TenantSecretReads(Func<string[], Task<Func<string, IReadOnlyList<TenantWebhookSecret>>>> read, TimeProvider time)
{
    private const int MaxSlugs = 500;

    // After a read that was in vain: a flood of wrong secrets or unknown slugs then costs 20 small reads a second, and each of its requests this wait.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _turn = new();
    private readonly Queue<string> _order = new();
    private readonly Dictionary<string, TaskCompletionSource<TenantSecretRead>> _waiting = new(StringComparer.Ordinal);
    private bool _isReading;
    private bool _isDoubted;

    /// <summary>The answer of a read that begins after this call.</summary>
    /// <param name="isDoubt">A known answer did not fit: most likely it is the question that is wrong.</param>
    public Task<TenantSecretRead> ReadAsync(string slug, bool isDoubt = false)
    {
        TaskCompletionSource<TenantSecretRead>? answer;
        lock (_turn)
        {
            if (!_waiting.TryGetValue(slug, out answer))
            {
                _waiting[slug] = answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
                _order.Enqueue(slug);
            }

            _isDoubted |= isDoubt;
            if (_isReading) return answer.Task;
            _isReading = true;
        }

        _ = ReadWaitingAsync();
        return answer.Task;
    }

    private async Task ReadWaitingAsync()
    {
        while (Next(out var isInVain) is { } answers)
        {
            var readAt = time.GetTimestamp();
            var secretsOf = await TryReadAsync([.. answers.Keys]);
            foreach (var (slug, answer) in answers)
                try
                {
                    var secrets = secretsOf(slug);
                    isInVain |= secrets.Count == 0;
                    answer.TrySetResult(new TenantSecretRead(secrets, readAt));
                }
                catch (Exception problem)
                {
                    isInVain = true;
                    answer.TrySetException(problem);
                }

            // Real time, whatever clock the app has: it is a real database that is spared.
            if (isInVain) await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private Dictionary<string, TaskCompletionSource<TenantSecretRead>>? Next(out bool isDoubted)
    {
        lock (_turn)
        {
            (isDoubted, _isDoubted) = (_isDoubted, false);
            _isReading = _order.Count > 0;
            if (!_isReading) return null;
            var answers = new Dictionary<string, TaskCompletionSource<TenantSecretRead>>(StringComparer.Ordinal);
            while (answers.Count < MaxSlugs && _order.TryDequeue(out var slug))
                if (_waiting.Remove(slug, out var answer)) answers[slug] = answer;
            return answers;
        }
    }

    // A read that fails fails for everyone who shares it.
    private async Task<Func<string, IReadOnlyList<TenantWebhookSecret>>> TryReadAsync(string[] slugs)
    {
        try
        {
            return await read(slugs);
        }
        catch (Exception problem)
        {
            return _ => throw problem;
        }
    }
}
