using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>The WhatsApp sessions in TaktChat's tables, each by itself.</summary>
public sealed class TaktChatSessionTests : WatchedDatabase
{
    [Fact]
    [Capability("R-011")]
    public async Task TaktChat_sessions_that_are_not_CONNECTED_for_15_minutes_are_a_finding_until_they_are()
    {
        await ExecuteAsync(
            """
            CREATE TABLE "Whatsapps" (id serial, name text, status text, channel text, "companyId" int);
            INSERT INTO "Whatsapps" (name, status, channel) VALUES ('a', 'CONNECTED', 'whatsapp'), ('b', 'qrcode', NULL), ('c', NULL, 'instagram');
            """);
        await using var world = await WorldAsync(ProductTables.TaktChat);
        for (var minute = 0; minute < 15; minute++) await world.TickAsync();
        Assert.Equal((1, 1), (await world.ValueAsync("postgres/db", "taktchat.sessions.down"), await world.ValueAsync("postgres/db", "taktchat.sessions", "qrcode")));
        Assert.Equal((0, 1), (await world.ValueAsync("postgres/db", "taktchat.session.down", "1"), await world.ValueAsync("postgres/db", "taktchat.session.down", "2")));
        Assert.Null(await world.ValueAsync("postgres/db", "taktchat.session.down", "3"));
        Assert.Empty(await DownAsync(world));
        await world.TickAsync();
        Assert.Equal(["threshold_crossed taktchat-sessions-down/postgres/db/2"], await DownAsync(world));

        await ExecuteAsync("""UPDATE "Whatsapps" SET status = 'CONNECTED' WHERE name = 'b'""");
        await world.TickAsync();
        Assert.Empty(await DownAsync(world));
    }

    [Fact]
    [Capability("R-011")]
    public async Task TaktChat_sessions_that_are_away_one_after_another_are_none_that_is_down_and_one_that_was_deleted_is_none_either()
    {
        await ExecuteAsync(
            """
            CREATE TABLE "Whatsapps" (id serial, name text, status text, channel text, "companyId" int);
            INSERT INTO "Whatsapps" (name, status) VALUES ('a', 'CONNECTED'), ('b', 'OPENING');
            """);
        await using var world = await WorldAsync(ProductTables.TaktChat);
        for (var minute = 0; minute < 20; minute++)
        {
            await world.TickAsync();
            Assert.Equal(1, await world.ValueAsync("postgres/db", "taktchat.sessions.down"));
            await ExecuteAsync("""UPDATE "Whatsapps" SET status = CASE status WHEN 'CONNECTED' THEN 'OPENING' ELSE 'CONNECTED' END""");
        }

        Assert.Empty(await DownAsync(world));
        for (var minute = 0; minute < 16; minute++) await world.TickAsync();
        var down = Assert.Single(await DownAsync(world));
        await ExecuteAsync("""DELETE FROM "Whatsapps" WHERE status = 'OPENING'""");
        await world.TickAsync();
        Assert.Equal([down], await DownAsync(world));
        for (var minute = 0; minute < 4; minute++) await world.TickAsync();
        Assert.Empty(await DownAsync(world));
    }

    [Fact]
    [Capability("R-011")]
    public async Task Of_many_TaktChat_sessions_200_are_told_of_by_themselves_those_that_are_down_first()
    {
        await ExecuteAsync(
            """
            CREATE TABLE "Whatsapps" (id serial, name text, status text, channel text, "companyId" int);
            INSERT INTO "Whatsapps" (status) SELECT CASE WHEN n <= 300 THEN 'CONNECTED' ELSE 'DISCONNECTED' END FROM generate_series(1, 450) n;
            """);
        await using var world = await WorldAsync(ProductTables.TaktChat);
        await world.TickAsync();
        var each = (await world.Get<WatchBoard>().SeriesAsync(WatchWorld.System, "postgres/db", CancellationToken.None)).Where(series => series.Metric == "taktchat.session.down").ToArray();
        Assert.Equal((200, 150, 150), (each.Length, each.Count(series => series.Value == 1), await world.ValueAsync("postgres/db", "taktchat.sessions.down")));
    }

    [Fact]
    [Capability("R-011", Absent = true)]
    public async Task A_database_without_the_products_tables_is_said_to_show_nothing()
    {
        await using var world = await WorldAsync(ProductTables.TaktChat);
        await world.TickAsync();
        Assert.Contains("target_not_observable postgres/db/\"Whatsapps\"", await world.OpenAsync());
    }

    private static async Task<string[]> DownAsync(WatchWorld world) => [.. (await world.OpenAsync()).Where(finding => finding.Contains("taktchat-sessions-down", StringComparison.Ordinal))];
}
