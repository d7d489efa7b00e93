using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Passwords that everybody knows, at real servers that take them and that do not.</summary>
public sealed class DefaultLoginProbeTests
{
    [Fact]
    [Capability("R-328")]
    public async Task A_broker_that_takes_guest_is_a_finding_once_a_day_and_one_that_does_not_is_none()
    {
        var broker = await TestServers.RabbitMqAsync();
        using var management = new HttpClient { BaseAddress = new Uri(broker.Url) };
        management.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{LocalRabbitMq.User}:{broker.Password}")));
        await using var world = await WatchWorld.StartAsync(new() { RabbitMq = [new() { Name = "broker", Url = broker.Url, User = LocalRabbitMq.User, Password = "${env:P}", TryDefaultLogin = true }] });
        world.Settings["P"] = broker.Password;
        await world.TickAsync();
        Assert.Equal(0, await world.ValueAsync("login/rabbitmq-broker", "login.default.accepted"));
        Assert.Empty(await FoundAsync(world));
        try
        {
            await GuestAsync("monitoring");
            await world.TickAsync(TimeSpan.FromHours(23));
            Assert.Empty(await FoundAsync(world));
            // A person who asks for a look at everything does not make it a second try.
            await world.Get<Watcher>().RunAsync(WatchWorld.System, isDue: false, CancellationToken.None);
            Assert.Empty(await FoundAsync(world));
            await world.TickAsync(TimeSpan.FromHours(1));
            var finding = Assert.Single(await FoundAsync(world));
            Assert.Equal(("target_exposed", "login/rabbitmq-broker", Severity.Critical), (finding.Kind, finding.Subject, finding.Severity));
            Assert.Contains("delete_user guest", finding.Cause, StringComparison.Ordinal);

            await GuestAsync("");
            Assert.Contains("AMQP", Assert.Single((await ReadAsync(world)).Troubles).Cause, StringComparison.Ordinal);
        }
        finally
        {
            using var gone = await management.DeleteAsync("api/users/guest");
        }

        Assert.Empty((await ReadAsync(world)).Troubles);

        async Task GuestAsync(string tags)
        {
            using var answer = await management.PutAsync("api/users/guest", new StringContent($$"""{"password":"guest","tags":"{{tags}}"}""", Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
        }
    }

    [Fact]
    [Capability("R-328")]
    public async Task A_database_that_takes_postgres_is_a_finding_and_one_that_does_not_is_none()
    {
        await using var product = await TestDatabase.CreateAsync();
        await using var world = await WatchWorld.StartAsync(new() { Postgres = [new() { Name = "db", ConnectionString = "${env:DB}", TryDefaultLogin = true }] });
        world.Settings["DB"] = product.ConnectionString;
        // No such user, as the tests' server has none.
        Assert.Empty((await ReadAsync(world)).Troubles);
        try
        {
            await ExecuteAsync("CREATE ROLE postgres LOGIN PASSWORD 'postgres'");
            var trouble = Assert.Single((await ReadAsync(world)).Troubles);
            Assert.Equal((TroubleKinds.Exposed, Severity.Critical), (trouble.Kind, trouble.Severity));
            await ExecuteAsync("ALTER ROLE postgres PASSWORD 'another-one'");
            Assert.Empty((await ReadAsync(world)).Troubles);
        }
        finally
        {
            await ExecuteAsync("DROP ROLE IF EXISTS postgres");
        }

        world.Settings["DB"] = new NpgsqlConnectionStringBuilder(product.ConnectionString) { Port = 1 }.ConnectionString;
        Assert.Equal(TroubleKinds.NotObservable, Assert.Single((await ReadAsync(world)).Troubles).Kind);

        async Task ExecuteAsync(string sql)
        {
            await using var command = product.DataSource.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    [Capability("R-328")]
    public async Task A_store_of_another_key_refuses_minioadmin_and_what_is_no_store_says_nothing()
    {
        var store = await TestServers.ObjectsAsync();
        await using var stand = await HttpStand.StartAsync();
        await using var world = await WatchWorld.StartAsync(new() { Guards = [new() { Name = "media", Url = store.Endpoint, TryMinioLogin = true, EverySeconds = 86_400 }] });
        var refused = await ReadAsync(world);
        Assert.Empty(refused.Troubles);
        Assert.Equal([new Measure("login.default.accepted", 0)], refused.Measures);

        world.Fleet = world.Fleet with { Watch = new() { Guards = [new() { Name = "media", Url = stand.Url, TryMinioLogin = true }] } };
        stand.Answer = http =>
        {
            http.Response.ContentType = "application/xml";
            Assert.StartsWith("AWS4-HMAC-SHA256 Credential=minioadmin/", http.Request.Headers.Authorization.ToString(), StringComparison.Ordinal);
            return http.Response.WriteAsync("""<?xml version="1.0" encoding="UTF-8"?><ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>02d6</ID><DisplayName>minio</DisplayName></Owner><Buckets></Buckets></ListAllMyBucketsResult>""");
        };
        Assert.Equal(TroubleKinds.Exposed, Assert.Single((await ReadAsync(world)).Troubles).Kind);
        stand.Says("<html>Welcome to nginx!</html>");
        Assert.Equal(TroubleKinds.NotObservable, Assert.Single((await ReadAsync(world)).Troubles).Kind);
        stand.Says("no", 403);
        Assert.Equal(TroubleKinds.NotObservable, Assert.Single((await ReadAsync(world)).Troubles).Kind);
    }

    [Fact]
    public async Task A_password_that_works_on_the_brokers_own_machine_only_is_none_of_ours()
    {
        await using var stand = await HttpStand.StartAsync();
        stand.Says("""{"error":"not_authorised","reason":"User can only log in via localhost"}""", 401);
        await using var world = await WatchWorld.StartAsync(new() { RabbitMq = [new() { Name = "broker", Url = stand.Url, User = "ops", Password = "${env:P}", TryDefaultLogin = true }] });
        var reading = await ReadAsync(world);
        Assert.Empty(reading.Troubles);
        Assert.Contains("own machine", reading.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_tried_who_did_not_ask_for_it()
    {
        await using var world = await WatchWorld.StartAsync(new()
        {
            RabbitMq = [new() { Name = "broker", Url = "http://127.0.0.1:1", User = "ops", Password = "${env:P}" }], Postgres = [new() { Name = "db", ConnectionString = "${env:DB}" }],
            Guards = [new() { Name = "media", Url = "http://127.0.0.1:1", Refused = ["/x"] }],
        });
        Assert.DoesNotContain(world.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(world.Fleet)), look => look.Target.StartsWith("login/", StringComparison.Ordinal));
    }

    // Another class gives the shared broker alarms.
    private static async Task<IReadOnlyList<Finding>> FoundAsync(WatchWorld world) => [.. (await world.FindingsAsync()).Where(finding => finding.Subject!.StartsWith("login/", StringComparison.Ordinal))];

    private static Task<Reading> ReadAsync(WatchWorld world) =>
        world.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(world.Fleet)).Single(look => look.Target.StartsWith("login/", StringComparison.Ordinal)).ReadAsync(CancellationToken.None);
}
