using CsCheck;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Findings;

/// <summary>Random lives of a finding: the store and the model always agree.</summary>
public sealed class FindingLifecyclePropertyTests
{
    private sealed record Step(string What, int Minutes, Severity Severity, bool Complete, int ObservedMinutesAgo);

    private static readonly string[] Words = ["seen", "seen", "gone", "gone", "gone", "acknowledge", "silence", "accept", "close"];

    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]),
        Gen.Int[0, 7],
        Gen.Int[0, 4],
        Gen.Int[0, 3].Select(n => n > 0),
        Gen.Int[0, 9],
        (what, minutes, severity, complete, ago) => new Step(what, minutes, (Severity)severity, complete, ago));

    [Fact]
    public async Task The_store_lives_as_the_model_does()
    {
        await using var database = await Databases.OperationsAsync();
        var time = new FakeTimeProvider(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var store = new FindingStore(database.DataSource, time);
        var lives = 0;

        await Gen.Select(Steps.Array[1, 14], Gen.Int[1, 3]).SampleAsync(
            async (steps, goodToClose) =>
            {
                var system = $"s{Interlocked.Increment(ref lives)}";
                var model = new FindingModel();
                foreach (var step in steps)
                {
                    time.Advance(TimeSpan.FromMinutes(step.Minutes));
                    await ApplyAsync(store, model, system, step, goodToClose, time.GetUtcNow());
                    await AgreeAsync(store, model, system, time.GetUtcNow());
                }

                return true;
            },
            iter: 150,
            threads: 1);
    }

    private static async Task ApplyAsync(FindingStore store, FindingModel model, string system, Step step, int goodToClose, DateTimeOffset now)
    {
        if (step.What is "seen" or "gone")
        {
            var observed = now.AddMinutes(-step.ObservedMinutesAgo);
            var seen = step.What == "seen" ? step.Severity : (Severity?)null;
            await store.RecordAsync(
                new CheckRun("instances", system, "g1", step.Complete, observed, goodToClose),
                seen is { } severity ? [Sample.Finding(system: system, severity: severity)] : [],
                CancellationToken.None);
            model.Pass(observed, now, seen, step.Complete, goodToClose);
            return;
        }

        var id = (await store.ListAsync(new FindingQuery(system), CancellationToken.None)).SingleOrDefault()?.Id ?? -1;
        var until = now.AddMinutes(5);
        var (state, decided) = step.What switch
        {
            "acknowledge" => (FindingState.Acknowledged, store.AcknowledgeAsync(id, "ana", CancellationToken.None)),
            "silence" => (FindingState.Silenced, store.SilenceAsync(id, "ana", until, null, CancellationToken.None)),
            "accept" => (FindingState.Accepted, store.AcceptAsync(id, "ana", "known", CancellationToken.None)),
            _ => (FindingState.Closed, store.CloseAsync(id, "ana", "done", CancellationToken.None)),
        };
        await decided;
        model.Decide(state, now, until);
    }

    private static async Task AgreeAsync(FindingStore store, FindingModel model, string system, DateTimeOffset now)
    {
        model.Expire(now);
        var all = await store.ListAsync(new FindingQuery(system, IncludeClosed: true), CancellationToken.None);
        Assert.Equal(model.Generations, all.Count);
        Assert.All(all.Skip(1), older => Assert.Equal(FindingState.Closed, older.State));
        for (var i = 0; i + 1 < all.Count; i++) Assert.Equal(all[i + 1].Id, all[i].PreviousId);
        if (all.Count == 0) return;
        Assert.Equal(model.State, all[0].State);
        if (model.State != FindingState.Closed) Assert.Equal(model.Severity, all[0].Severity);
    }
}
