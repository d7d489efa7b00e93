using System.Diagnostics;
using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>Strangers who send as fast as they can: what they are told, and what they cost the database.</summary>
public sealed class ReceiverFloodTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private ReceiverHost _host = null!;
    private int _reads;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _host = await ReceiverHost.StartAsync(_database.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Theory]
    [InlineData("acme", 401)]
    [InlineData("nobody", 503)]
    public async Task A_flood_without_a_proof_that_fits_costs_the_database_a_few_reads_a_second_and_no_request_its_answer(string slug, int status)
    {
        var secret = await _host.SecretAsync("acme");
        await _host.SendAsync("acme", Webhooks.Message("shop-acme", "A"), secret);
        using var listener = CountReads();
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(async flood =>
        {
            var statuses = new List<int>();
            // A slug that nobody knows is another one each time: no cache helps.
            for (var i = 0; i < 10; i++)
                statuses.Add((await _host.SendAsync(slug == "acme" ? slug : $"{slug}-{flood}-{i}", Webhooks.Message("shop-acme", $"F{flood}-{i}"), "wrong")).Status);
            return statuses;
        }));

        Assert.All(answers.SelectMany(statuses => statuses), answer => Assert.Equal(status, answer));
        // Twenty in vain a second, and what the proven tenant's cache needs now and then.
        Assert.InRange(_reads, 1, 3 + (int)(watch.ElapsedMilliseconds / 45));
        Assert.Equal(1, await _host.CountAsync());
    }

    [Fact]
    public async Task A_request_with_a_wrong_secret_costs_one_read_and_one_of_an_unknown_slug_no_more()
    {
        await _host.SecretAsync("acme");
        using var listener = CountReads();

        Assert.Equal((401, "refused"), await _host.SendAsync("acme", Webhooks.Message("shop-acme", "B1"), "wrong"));
        Assert.Equal(1, _reads);
        Assert.Equal((401, "refused"), await _host.SendAsync("acme", Webhooks.Message("shop-acme", "B2"), "wrong"));
        Assert.Equal(2, _reads);
        Assert.Equal((503, "unknown_tenant"), await _host.SendAsync("nobody", Webhooks.Message("shop-nobody", "B3"), "wrong"));
        Assert.Equal(3, _reads);
    }

    [Fact]
    public async Task In_the_middle_of_a_flood_a_rotation_by_another_process_is_seen_before_any_401()
    {
        var secret = await _host.SecretAsync("acme");
        await using var other = await ReceiverHost.StartAsync(_database.ConnectionString, _host.KeyFile);
        using var end = new CancellationTokenSource();
        var flood = Enumerable.Range(0, 16).Select(async _ =>
        {
            while (!end.IsCancellationRequested) Assert.Equal(401, (await _host.SendAsync("acme", "{}", "wrong")).Status);
        }).ToArray();

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal((200, "stored"), await _host.SendAsync("acme", Webhooks.Message("shop-acme", $"C{i}"), secret));
            secret = (await other.Get<ITenantSecrets>().RotateAsync("shop", "acme", CancellationToken.None)).Current;
        }

        await end.CancelAsync();
        await Task.WhenAll(flood);
    }

    // Npgsql makes an activity of every command; those of this test's database are ours.
    private ActivityListener CountReads()
    {
        var database = new NpgsqlConnectionStringBuilder(_database.ConnectionString).Database;
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.TagObjects.Any(tag => tag.Value as string == database)
                    && activity.TagObjects.Any(tag => tag.Value is string text && text.Contains("FROM whatsops.tenant_secrets", StringComparison.Ordinal)))
                    Interlocked.Increment(ref _reads);
            },
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
