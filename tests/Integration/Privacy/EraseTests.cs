using System.Text;
using Npgsql;
using WhatsOps.Events;
using WhatsOps.Privacy;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Privacy;

public sealed class EraseTests : IAsyncLifetime
{
    private const string Phone = "5511912345678";
    private const string Older = "551112345678";
    private const string Neighbour = "5511987650000";
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await Databases.OperationsAsync();

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_number_is_gone_from_the_bodies_of_every_day_and_system_and_its_neighbours_stay()
    {
        await using var host = await ReceiverHost.StartAsync(database.ConnectionString);
        await PlantAsync(host);
        await AgeAsync(host, 3);
        await PlantAsync(host, "again");
        var eraser = new PhoneEraser(database.DataSource, host.Get<EventDataKeys>(), host.Get<EventBodies>());
        Assert.True(await BodiesWithAsync(host, Phone, Older) >= 10);
        var neighbours = await BodiesWithAsync(host, Neighbour);
        Assert.True(neighbours > 0);

        await ExecuteAsync(
            """
            INSERT INTO whatsops.deliveries (event_id, system, tenant, received_at, event, state, owed_since, next_attempt_at)
              SELECT e.id, e.system, e.tenant, e.received_at, e.event, CASE WHEN e.system = 'clinic' THEN 'delivered' ELSE 'pending' END, e.received_at, e.received_at FROM whatsops.events e
            """);

        var dry = await eraser.EraseAsync(PhoneNumber.FormsOf(Phone), null, dryRun: true, default);
        Assert.True(await BodiesWithAsync(host, Phone, Older) >= 10);
        var erased = await eraser.EraseAsync(PhoneNumber.FormsOf(Phone), null, dryRun: false, default);
        Assert.Equal((dry.Events, dry.Bodies, dry.Deliveries), (erased.Events, erased.Bodies, erased.Deliveries));
        Assert.Equal(["clinic", "shop"], erased.Systems);
        Assert.Equal((8, 10, 8), (erased.Events, erased.Bodies, erased.Deliveries));
        Assert.Equal(4, await CountAsync("deliveries"));
        Assert.Equal(0, await BodiesWithAsync(host, Phone, Older));
        Assert.Equal(neighbours, await BodiesWithAsync(host, Neighbour));
        Assert.Equal(12, await CountAsync("events"));

        var again = await eraser.EraseAsync(PhoneNumber.FormsOf(Older), null, dryRun: false, default);
        Assert.Equal((0, 0, 0), (again.Events, again.Bodies, again.Deliveries));

        var hunt = new SecretHunt();
        hunt.Plant("the number", Phone);
        hunt.Plant("its older form", Older);
        await hunt.LookInDatabaseAsync(database.DataSource, "whatsops");
        Assert.Empty(hunt.Found);
        Assert.True(hunt.Places > 50);
    }

    [Fact]
    public async Task In_one_system_only_the_other_keeps_it()
    {
        await using var host = await ReceiverHost.StartAsync(database.ConnectionString);
        await PlantAsync(host);
        var eraser = new PhoneEraser(database.DataSource, host.Get<EventDataKeys>(), host.Get<EventBodies>());
        var erased = await eraser.EraseAsync(PhoneNumber.FormsOf(Phone), "clinic", dryRun: false, default);
        Assert.Equal(["clinic"], erased.Systems);
        Assert.Equal((1, 1), (erased.Events, erased.Bodies));
        Assert.True(await BodiesWithAsync(host, Phone) > 0);
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(8, false)]
    public async Task Bodies_are_kept_seven_days_and_not_an_eighth(int days, bool kept)
    {
        await using var host = await ReceiverHost.StartAsync(database.ConnectionString);
        await PlantAsync(host);
        await AgeAsync(host, days);
        await host.Get<EventRetention>().RunAsync(default);
        Assert.Equal(kept, await CountAsync("event_bodies") > 0);
        Assert.True(await CountAsync("events") > 0);
    }

    [Fact]
    public async Task An_approver_erases_over_HTTP_and_nothing_remembers_the_number()
    {
        await using var rig = await HostRig.CreateAsync(database.ConnectionString);
        var host = await rig.StartHostAsync();
        await Waiting.UntilAsync(async () => (await rig.SendAsync(host, rig.Ana, HttpMethod.Get, "api/tasks")).Status == 200, 60, "the operators to be known");
        Assert.Equal(401, (await rig.SendAsync(host, null, HttpMethod.Post, "api/privacy/erase", new { phone = Phone })).Status);
        Assert.Equal(403, (await rig.SendAsync(host, rig.Vera, HttpMethod.Post, "api/privacy/erase", new { phone = Phone })).Status);
        Assert.Equal(400, (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/privacy/erase", new { phone = "12" })).Status);
        Assert.Equal(404, (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/privacy/erase", new { phone = Phone, system = "none" })).Status);
        Assert.Equal(200, (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/privacy/erase", new { phone = Phone, system = "revalya", dryRun = true })).Status);
        var (status, body) = await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/privacy/erase", new { phone = $"+{Phone}" });
        Assert.Equal((200, 0, false), (status, body!["bodies"]!.GetValue<long>(), body["dryRun"]!.GetValue<bool>()));

        Assert.Equal(["privacy.erase.dry-run", "privacy.erase"], await ActionsAsync());
        var hunt = new SecretHunt();
        hunt.Plant("the number", Phone);
        await hunt.LookInDatabaseAsync(database.DataSource, "whatsops");
        hunt.Look("the log", host.Output + host.Errors);
        foreach (var (asked, answer) in rig.Answers) hunt.Look(asked, answer);
        Assert.Empty(hunt.Found);
    }

    // Six events: one person in two systems, in both forms of the number, as sender of a state, in a body that cannot be parsed; and a neighbour.
    private static async Task PlantAsync(ReceiverHost host, string mark = "first")
    {
        var (shop, clinic) = (await host.SecretAsync("acme"), await host.SecretAsync("vet", "clinic"));
        foreach (var (tenant, body, secret) in ((string, string, string)[])
            [
                ("acme", Webhooks.Message("shop-acme", $"P1{mark}", Phone), shop),
                ("acme", Webhooks.Message("shop-acme", $"P2{mark}", Older), shop),
                ("acme", Webhooks.State("shop-acme", mark == "first" ? "open" : "close").Replace("5511888880000", Phone, StringComparison.Ordinal), shop),
                ("acme", "no JSON at all: " + Webhooks.Message("shop-acme", $"P3{mark}", Phone), shop),
                ("acme", Webhooks.Message("shop-acme", $"P4{mark}", Neighbour), shop),
                ("vet", Webhooks.Message("clinic-vet", $"P5{mark}", Phone), clinic),
            ])
            Assert.Equal((200, "stored"), await host.SendAsync(tenant, body, secret));
    }

    // Moves what is stored into the past, bodies under the key of their new day.
    private async Task AgeAsync(ReceiverHost host, int days)
    {
        var rows = await RowsAsync(host);
        await ExecuteAsync($"SELECT whatsops.ensure_event_day((now() AT TIME ZONE 'UTC')::date - {days})");
        foreach (var (system, tenant, at, id, body) in rows)
        {
            var older = at.AddDays(-days);
            var cipher = await host.Get<EventDataKeys>().ForDayAsync(DateOnly.FromDateTime(older.UtcDateTime), default);
            await using var move = database.DataSource.CreateCommand("UPDATE whatsops.event_bodies SET received_at = $1, body = $2 WHERE id = $3");
            move.Parameters.Add(new() { Value = older.ToUniversalTime() });
            move.Parameters.Add(new() { Value = cipher.Encrypt(body, system, tenant, id) });
            move.Parameters.Add(new() { Value = id });
            await move.ExecuteNonQueryAsync();
        }

        await ExecuteAsync($"UPDATE whatsops.events SET received_at = received_at - interval '{days} days'");
    }

    private async Task<List<(string System, string Tenant, DateTimeOffset At, Guid Id, byte[] Body)>> RowsAsync(ReceiverHost host)
    {
        await using var command = database.DataSource.CreateCommand("SELECT system, tenant, received_at, id FROM whatsops.event_bodies");
        var places = new List<(string System, string Tenant, DateTimeOffset At, Guid Id)>();
        await using (var row = await command.ExecuteReaderAsync())
            while (await row.ReadAsync()) places.Add((row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetGuid(3)));
        var rows = new List<(string, string, DateTimeOffset, Guid, byte[])>();
        foreach (var (system, tenant, at, id) in places) rows.Add((system, tenant, at, id, (await host.Get<EventBodies>().ReadAsync(system, tenant, at, id, default))!));
        return rows;
    }

    private async Task<int> BodiesWithAsync(ReceiverHost host, params string[] numbers) =>
        (await RowsAsync(host)).Count(row => numbers.Any(number => Encoding.UTF8.GetString(row.Body).Contains(number, StringComparison.Ordinal)));

    private async Task ExecuteAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> CountAsync(string table)
    {
        await using var command = database.DataSource.CreateCommand($"SELECT count(*) FROM whatsops.{table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<List<string>> ActionsAsync()
    {
        await using var command = database.DataSource.CreateCommand("SELECT action FROM whatsops.audit_trail WHERE action LIKE 'privacy.%' ORDER BY id");
        await using var row = await command.ExecuteReaderAsync();
        var actions = new List<string>();
        while (await row.ReadAsync()) actions.Add(row.GetString(0));
        return actions;
    }
}
