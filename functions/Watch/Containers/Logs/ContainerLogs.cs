using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Reads the log of a container since the last look, each line in one look only.</summary>
internal sealed class ContainerLogs(ContainerHost containers, LogCursors cursors, LogTallies tallies, TimeProvider time)
{
    private const int LastLines = 50;

    // Fifty of them stand beside a finding.
    private const int LongestLastLine = 300;

    // Somebody waits for what is read besides the looks.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FirstLook = TimeSpan.FromMinutes(5);

    // After a long pause of the watch, what is older is no news.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <param name="now">By the engine's clock, which stamps the lines.</param>
    /// <exception cref="ContainerException">The engine does not answer, keeps no log, or says no.</exception>
    public async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles)> ReadAsync(string system, string target, ContainerReference container, DateTimeOffset now, CancellationToken cancellation)
    {
        var digest = new LogDigest(LogPlace.Of(container));
        if (await StretchAsync(system, target, container, isError: null, now, digest.Add, cancellation) is not { } stretch) return ([], []);
        await tallies.AddAsync(system, target, digest.Tallies(), time.GetUtcNow(), cancellation);
        var troubles = digest.Troubles(stretch.Span).ToList();
        if (stretch.IsCut)
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"Container {container.Container} logs more than {LogReader.MostBytes / 1024 / 1024} MB between two looks; the rest was not read, so its counts are too low. Fix: log less, or look more often.") { Subject = "log size" });
        return ([.. digest.Measures()], troubles);
    }

    /// <summary>The lines since the last look; null: no second has passed.</summary>
    /// <param name="isError">One of its two outputs; null: both.</param>
    /// <param name="now">By the engine's clock, which stamps the lines.</param>
    /// <exception cref="ContainerException">The engine does not answer, keeps no log, or says no.</exception>
    public async Task<LogStretch?> StretchAsync(string system, string target, ContainerReference container, bool? isError, DateTimeOffset now, Action<string> each, CancellationToken cancellation)
    {
        // A line may come a moment after its time; the second that is not over yet is the next look's.
        var until = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() - 1);
        var since = await cursors.ReadAsync(system, target, cancellation) ?? until - FirstLook;
        // A cursor ahead of the clock: the engine's was put back.
        if (since > until + FirstLook) since = until - FirstLook;
        if (since < until - Longest) since = until - Longest;
        if (since >= until) return null;

        using var stream = await containers.LogsAsync(container, since, null, isError, cancellation);
        var isCut = await LogReader.ReadAsync(stream, since, until, line => each(line.Text), cancellation);
        await cursors.WriteAsync(system, target, until, cancellation);
        return new(until - since, isCut);
    }

    /// <summary>As <see cref="EachAsync"/>, and an engine that gives no log within 10 s is one that does not answer.</summary>
    /// <exception cref="ContainerException">The engine does not answer in time, keeps no log, or says no.</exception>
    public async Task<bool> EachSoonAsync(ContainerReference container, DateTimeOffset since, int? most, string? about, Action<LogLine> each, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await EachAsync(container, since, most, about, each, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ContainerException($"its engine gives no log within {Patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>Its lines since then, whatever was read before.</summary>
    /// <param name="most">This many lines at its end, before <paramref name="about"/> is asked; null: all.</param>
    /// <param name="about">Only lines that have this word; null: all.</param>
    /// <returns>True: the log is longer than what is read at once.</returns>
    /// <exception cref="ContainerException">The engine does not answer, keeps no log, or says no.</exception>
    public async Task<bool> EachAsync(ContainerReference container, DateTimeOffset since, int? most, string? about, Action<LogLine> each, CancellationToken cancellation)
    {
        using var stream = await containers.LogsAsync(container, since, most, isError: null, cancellation);
        return await LogReader.ReadAsync(stream, since, DateTimeOffset.MaxValue, line =>
        {
            if (about is null || LogLines.Speaks(line.Text, about)) each(line);
        }, cancellation);
    }

    /// <summary>Its newest lines for a person, without secrets and whole phone numbers; nothing of them is kept here.</summary>
    /// <param name="each">Called for each as it was written.</param>
    /// <exception cref="ContainerException">The engine does not answer, keeps no log, or says no.</exception>
    public async Task<IReadOnlyList<ShownLine>> LinesAsync(ContainerReference container, DateTimeOffset since, int most, Action<string>? each, CancellationToken cancellation)
    {
        var lines = new List<ShownLine>();
        var keys = new KeyLines();
        await EachAsync(container, since, most, null, line =>
        {
            each?.Invoke(line.Text);
            var text = keys.Hide(line.Text, out var beganWithin);
            if (beganWithin) lines = [.. lines.Select(before => before with { Text = KeyLines.Hidden })];
            lines.Add(LogLines.Shown(line with { Text = text }));
        }, cancellation);
        return [.. lines.OrderBy(line => line.At)];
    }

    /// <summary>Its last 50 lines, whatever was read before, as a person may see them, and which errors are among them .</summary>
    /// <exception cref="ContainerException">The engine does not answer, keeps no log, or says no.</exception>
    public async Task<IReadOnlyDictionary<string, string>> LastAsync(ContainerReference container, CancellationToken cancellation)
    {
        var digest = new LogDigest(LogPlace.Of(container));
        var lines = await LinesAsync(container, DateTimeOffset.UnixEpoch, LastLines, digest.Add, cancellation);
        var evidence = digest.Frequent();
        if (lines.Count > 0) evidence["last_lines"] = string.Join('\n', lines.Select(line => line.Text.Length > LongestLastLine ? line.Text[..LongestLastLine] + "…" : line.Text));
        return evidence;
    }
}
