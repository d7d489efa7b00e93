using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Simulator;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>The <c>apikey</c> of a webhook body against the token that the gateway's list showed; the event is stored whatever comes of it.</summary>
public sealed class TokenTests : IAsyncLifetime
{
    private const string GlobalKey = "the-global-key-of-g1";
    private const string Acme = "E552CC70-EAE8-42AB-82AC-B8DAE31BB6A4";
    private const string Beta = "86C46DD5-03B8-4071-86BB-B97989C471FD";
    private static readonly GatewayEndpoint[] Gateways =
        [new() { Name = "g1", Url = "http://127.0.0.1:1", ApiKey = "${env:TOKEN_TEST_KEY}" }, new() { Name = "g2", Url = "http://127.0.0.1:2", ApiKey = "${env:TOKEN_TEST_NONE}" }];

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private TestDatabase _database = null!;
    private ReceiverHost _host = null!;
    private string _secret = null!;
    private int _sent;

    private FleetSystem Shop { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        var fleet = ReceiverHost.Fleet();
        fleet = fleet with { Systems = [fleet.Systems[0] with { Gateways = Gateways }, fleet.Systems[1]] };
        Shop = fleet.Systems[0];
        _host = await ReceiverHost.StartWithAsync(fleet, _database.ConnectionString, _time, $"--TOKEN_TEST_KEY={GlobalKey}");
        _secret = await _host.SecretAsync("acme");
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task The_instances_own_token_raises_nothing()
    {
        await SweepAsync("g1", ("shop-acme", Acme));
        await KnowsAsync(Acme);
        await SendAsync(Acme);
        Assert.Empty(await LaterAsync());
    }

    [Fact]
    public async Task Another_token_is_stored_and_answered_as_ever_and_becomes_one_isolation_finding()
    {
        await SweepAsync("g1", ("shop-acme", Acme), ("shop-beta", Beta));
        await KnowsAsync(Acme);
        await SendAsync("11111111-TOKEN");
        await _host.Flush.FlushAsync(CancellationToken.None);
        Assert.Empty(await FindingsAsync());
        await SendAsync(Beta);

        var finding = Assert.Single(await LaterAsync());
        Assert.Equal(("tenant_isolation_slug_mismatch", Severity.Critical, "acme", "shop-acme"), (finding.Kind, finding.Severity, finding.Tenant, finding.Instance));
        Assert.Equal(("2", "shop-beta"), (finding.Evidence["events"], finding.Evidence["token_of"]));
        Assert.Equal(2, await _host.CountAsync(where: "tenant = 'acme' AND NOT is_foreign"));
    }

    [Fact]
    public async Task Of_an_instance_whose_token_no_list_showed_nothing_is_said()
    {
        await SweepAsync("g1", ("shop-beta", Beta));
        await KnowsAsync(Beta, "beta");
        await SendAsync("11111111-TOKEN");
        Assert.Empty(await LaterAsync());
    }

    [Fact]
    public async Task A_token_that_the_next_sweep_finds_to_be_the_new_one_raises_nothing()
    {
        await SweepAsync("g1", ("shop-acme", Acme));
        await KnowsAsync(Acme);
        await SendAsync(Beta);
        await SweepAsync("g1", ("shop-acme", Beta));
        Assert.Empty(await LaterAsync());

        await KnowsAsync(Beta);
        await SendAsync(Beta);
        Assert.Empty(await LaterAsync());
        await SendAsync(Acme);
        Assert.Single(await LaterAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(GlobalKey)]
    [InlineData("Apikey not found")]
    [InlineData("with \"quotes\" \\ and more")]
    public async Task What_a_gateway_sends_for_want_of_a_token_raises_nothing(string? apikey)
    {
        await SweepAsync("g1", ("shop-acme", Acme));
        await KnowsAsync(Acme);
        await SendAsync(apikey);
        Assert.Empty(await LaterAsync());
    }

    [Fact]
    public async Task A_name_on_two_gateways_has_the_token_of_each()
    {
        await SweepAsync("g1", ("shop-acme", Acme));
        await _host.Get<TokenHashes>().RecordAsync("shop", "g2", "acme", Instance("shop-acme", Beta), CancellationToken.None);
        await KnowsAsync(Acme);
        await KnowsAsync(Beta);
        await SendAsync(Beta);
        Assert.Empty(await LaterAsync());
    }

    [Fact]
    public async Task A_sweep_writes_only_what_changed_and_forgets_what_is_gone_from_the_lists_it_saw()
    {
        await SweepAsync("g1", ("shop-acme", Acme), ("shop-beta", Beta), ("other-acme", "not ours"));
        await SweepAsync("g2", ("shop-gama", "G"));
        var first = await RowsAsync();
        Assert.Equal(["acme g1 shop-acme 12:00", "beta g1 shop-beta 12:00", "gama g2 shop-gama 12:00"], first);

        _time.Advance(TimeSpan.FromMinutes(5));
        await SweepAsync("g1", ("shop-acme", "rotated"));
        Assert.Equal(["acme g1 shop-acme 12:05", "gama g2 shop-gama 12:00"], await RowsAsync());

        Shop = Shop with { Gateways = [Gateways[0]] };
        _time.Advance(TimeSpan.FromMinutes(5));
        await SweepAsync("g1", ("shop-acme", "rotated"));
        Assert.Equal(["acme g1 shop-acme 12:05"], await RowsAsync());
    }

    [Fact]
    public async Task No_token_is_in_any_row_or_log()
    {
        var tokens = Gen.String[Gen.Char["ABCDEF0123456789-abc"], 20, 40].Array[20].Single();
        var hunt = new SecretHunt();
        for (var i = 0; i < tokens.Length; i++)
        {
            hunt.Plant($"token {i}", tokens[i]);
            await SweepAsync("g1", ("shop-acme", tokens[i]));
            await KnowsAsync(tokens[i]);
            await SendAsync(tokens[i]);
            await SendAsync(tokens[(i + 1) % tokens.Length]);
            await LaterAsync();
        }

        Assert.Single(await FindingsAsync());
        await hunt.LookInDatabaseAsync(_host.Database, "whatsops");
        foreach (var line in _host.Logs) hunt.Look("the log", line);
        Assert.Empty(hunt.Found);
        Assert.True(hunt.Places > 100);
    }

    private static InstanceSnapshot Instance(string name, string token) => new(name, InstanceState.Open, null, true, null, null, null) { Token = new(token) };

    private Task SweepAsync(string gateway, params (string Name, string Token)[] instances) => _host.Get<TokenHashes>().RecordAsync(
        Shop, new Dictionary<string, IReadOnlyCollection<InstanceSnapshot>> { [gateway] = [.. instances.Select(one => Instance(one.Name, one.Token))] }, CancellationToken.None);

    // The background reads once a minute of its clock.
    private async Task KnowsAsync(string token, string tenant = "acme")
    {
        _time.Advance(TimeSpan.FromSeconds(61));
        await _host.Flush.FlushAsync(CancellationToken.None);
        var hashes = _host.Get<TokenHashes>();
        await Until.True(() => hashes.Mismatch("shop", tenant, $"shop-{tenant}", "\"no token\""u8) is not null
            && hashes.Mismatch("shop", tenant, $"shop-{tenant}", Encoding.UTF8.GetBytes($"\"{token}\"")) is null);
    }

    private async Task SendAsync(string? apikey)
    {
        var body = Webhooks.Body("messages.upsert", "shop-acme", new JsonObject { ["key"] = new JsonObject { ["id"] = $"T{_sent++}" } }, apikey: apikey);
        Assert.Equal((200, "stored"), await _host.SendAsync("acme", body, _secret));
    }

    private async Task<IReadOnlyList<Finding>> LaterAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(10));
        await _host.Flush.FlushAsync(CancellationToken.None);
        return await FindingsAsync();
    }

    private Task<IReadOnlyList<Finding>> FindingsAsync() => _host.Get<IFindings>().ListAsync(new FindingQuery(), CancellationToken.None);

    private async Task<string[]> RowsAsync()
    {
        await using var command = _host.Database.CreateCommand(
            "SELECT tenant || ' ' || gateway || ' ' || instance || ' ' || to_char(changed_at AT TIME ZONE 'UTC', 'HH24:MI') FROM whatsops.instance_tokens WHERE system = 'shop' ORDER BY 1");
        await using var row = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await row.ReadAsync()) rows.Add(row.GetString(0));
        return [.. rows];
    }
}
