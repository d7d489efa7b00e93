using System.Globalization;
using System.Text.Json;
using StackExchange.Redis;
using WhatsOps.Events;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// One queue of Bull 3, read from its keys <c>{prefix}:{queue}:…</c> (R-003, R-004, R-005, R-007). The product's own board shows only three of its eleven queues. A look
/// costs the same however long the queue is, changes nothing, and never reads the data of a job.
/// </summary>
internal sealed class BullQueue(IDatabase database, string prefix, string name, TimeProvider time)
{
    /// <summary>So many of the active jobs, the oldest, are asked for their locks.</summary>
    public const int MostActive = 500;

    private const int Named = 5;

    // A worker renews its lock within 30 seconds, and a live one takes a lost job back within a minute.
    private static readonly TimeSpan StuckAfter = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan SecondThought = TimeSpan.FromMilliseconds(500);

    private static readonly string[] Lists = ["wait", "active", "paused"];
    private static readonly string[] Sets = ["delayed", "completed", "failed"];
    private static readonly string[] Others = ["priority", "repeat", "stalled", "stalled-check", "meta-paused", "id", "limiter"];

    private readonly List<Measure> _measures = [];
    private readonly List<Trouble> _troubles = [];

    public async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles)> ReadAsync()
    {
        try
        {
            if (await database.KeyExistsAsync([.. Lists.Concat(Sets).Concat(Others).Select(Key)]) == 0)
                Say("", TroubleKinds.Absent, Severity.Medium, $"There is no queue {name}: Redis has no key {prefix}:{name}:*. Either no job was ever added and no worker runs, or name, prefix or database of the fleet file are not the product's.");
            else
                await LookAsync();
        }
        catch (RedisServerException)
        {
            // Not its words: they may quote the command.
            Say("", TroubleKinds.NotObservable, Severity.Low, $"Queue {name} cannot be read: Redis refuses a command of reading, or a key is not what Bull makes of it. Allow ~{prefix}:* +@read to the user.");
        }

        return (_measures, _troubles);
    }

    private async Task LookAsync()
    {
        // Sent together, answered together.
        var lists = Lists.Select(state => database.ListLengthAsync(Key(state))).ToArray();
        var sets = Sets.Select(state => database.SortedSetLengthAsync(Key(state))).ToArray();
        var isPaused = database.KeyExistsAsync(Key("meta-paused"));
        var (waiting, active, paused) = (await lists[0], await lists[1], await lists[2]);
        Measured("jobs.waiting", waiting);
        Measured("jobs.active", active);
        Measured("jobs.paused", paused);
        for (var index = 0; index < Sets.Length; index++) Measured($"jobs.{Sets[index]}", await sets[index]);
        Measured("queue.paused", await isPaused ? 1 : 0);
        if (await isPaused)
            Say("/paused", TroubleKinds.Unhealthy, Severity.Medium, $"Queue {name} is paused and {paused} jobs wait in it: nothing of it is done until somebody resumes it.");

        await OldestAsync(await isPaused ? "paused" : "wait");
        await StuckAsync(active);
        await RepeatsAsync(await isPaused);
    }

    // Taken from the right end, so the oldest is there, but for jobs with a priority.
    private async Task OldestAsync(string state)
    {
        if (await database.ListGetByIndexAsync(Key(state), -1) is not { HasValue: true } id)
        {
            Measured("waiting.age.seconds", 0);
            return;
        }

        var job = await database.HashGetAsync(Key(id!), ["timestamp", "opts"]);
        if (!job[0].TryParse(out long added)) return;
        Measured("waiting.age.seconds", Math.Max(0, (Now - added - Delay(job[1])) / 1000.0));
    }

    private async Task StuckAsync(long active)
    {
        var suspects = await WithoutLockAsync(await OldestActiveAsync());
        if (suspects.Count > 0)
        {
            // A job that is just being taken has no lock for a moment, and one that is tried again has an old time.
            await Task.Delay(SecondThought, time);
            suspects = await WithoutLockAsync([.. (await OldestActiveAsync()).Intersect(suspects, StringComparer.Ordinal)]);
        }

        Measured("jobs.stuck", suspects.Count);
        var looked = active > MostActive ? $" Only the {MostActive} oldest of {active} active jobs were looked at." : "";
        if (suspects.Count > 0)
            Say(
                "/stuck", TroubleKinds.Unhealthy, Severity.High,
                $"{suspects.Count} jobs of queue {name} are stuck: active for more than {StuckAfter.TotalMinutes:0} minutes without a worker that holds them ({First(suspects)}). A live worker takes such jobs back within a minute, so restart this one.{looked}",
                new Dictionary<string, string> { ["stuck"] = suspects.Count.ToString(CultureInfo.InvariantCulture), ["jobs"] = First(suspects) });
        else if (looked.Length > 0)
            Say("/stuck", TroubleKinds.NotObservable, Severity.Low, $"Stuck jobs of queue {name} may be overlooked.{looked}");
    }

    private async Task<IReadOnlyList<string>> OldestActiveAsync() => [.. (await database.ListRangeAsync(Key("active"), -MostActive, -1)).Reverse().Select(id => id.ToString())];

    private async Task<IReadOnlyList<string>> WithoutLockAsync(IReadOnlyList<string> ids)
    {
        var locks = ids.Select(id => database.KeyExistsAsync(Key($"{id}:lock"))).ToArray();
        var held = await Task.WhenAll(locks);
        string[] free = [.. ids.Where((_, index) => !held[index])];
        var taken = await Task.WhenAll(free.Select(id => database.HashGetAsync(Key(id), "processedOn")));
        return [.. free.Where((_, index) => taken[index].TryParse(out long at) && Now - at > StuckAfter.TotalMilliseconds)];
    }

    // The score is when it is due next; the worker that takes a run writes the next one.
    private async Task RepeatsAsync(bool isPaused)
    {
        var entries = await database.SortedSetRangeByRankWithScoresAsync(Key("repeat"), 0, MostActive - 1);
        var due = entries.Where(entry => !HasEnded(entry.Element!)).ToArray();
        if (due.Length == 0) return;
        var late = Math.Max(0, Now - due[0].Score);
        Measured("repeat.late.seconds", late / 1000);
        // A paused queue takes none, and that is said already.
        if (isPaused || late <= LateAfter.TotalMilliseconds) return;
        var of = PhoneMask.Mask(((string)due[0].Element!).Split(':')[0]);
        Say(
            "/repeat", TroubleKinds.Unhealthy, Severity.High,
            string.Create(CultureInfo.InvariantCulture, $"The worker of queue {name} is dead: its repeated job {of} was due {late / 60000:0.0} minutes ago and nobody took it. Restart the worker. If it works otherwise, the job's next run was cleaned away or has ended: add it again, or removeRepeatable."));
    }

    // name:id:end:zone:cron. One with an end stays in the set when it is over.
    private bool HasEnded(string repeat) => repeat.Split(':') is [_, _, var end, ..] && long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at < Now;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private RedisKey Key(string part) => $"{prefix}:{name}:{part}";

    // Bull sets the field delay to 0 when a delayed job's time has come; its options keep it.
    private static double Delay(RedisValue options)
    {
        try
        {
            using var document = JsonDocument.Parse(options.IsNullOrEmpty ? "{}" : options.ToString());
            return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("delay", out var delay) && delay.ValueKind == JsonValueKind.Number ? delay.GetDouble() : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    // An id of one's own may hold a phone number.
    private static string First(IReadOnlyList<string> ids) => string.Join(", ", ids.Take(Named).Select(PhoneMask.Mask)) + (ids.Count > Named ? ", …" : "");

    private void Measured(string what, double value) => _measures.Add(new($"bull.{what}", value, name));

    // A queue may have several troubles at once, each a finding of its own.
    private void Say(string part, string kind, Severity severity, string cause, IReadOnlyDictionary<string, string>? evidence = null) =>
        _troubles.Add(new(kind, severity, cause) { Subject = name + part, Evidence = evidence ?? new Dictionary<string, string>() });
}
