using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Blobs;
using WhatsOps.Database;
using WhatsOps.Diagnosis;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Health;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Diagnosis;

/// <summary>Doctor against real servers: everything well, and then each thing broken in turn.</summary>
public sealed class DoctorTests : IAsyncLifetime
{
    private const string Password = "planted-password";
    private const string Key = "planted-gateway-key";
    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-key-{Guid.NewGuid():N}");
    private readonly Messages _messages = new();
    private TestDatabase _operations = null!;
    private TestDatabase _product = null!;
    private EvolutionSimulator _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _operations = await Databases.OperationsAsync();
        _product = await Databases.RevalyaAsync();
        _gateway = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = Key, Instances = [new() { Name = "revalya-acme" }] });
        await ExecuteAsync(_product,
            $$"""
            DO $$ BEGIN CREATE ROLE doctor_role LOGIN PASSWORD '{{Password}}'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT SELECT (id, slug, is_active) ON tenants TO doctor_role;
            GRANT SELECT, INSERT, UPDATE, DELETE ON tenant_integrations TO doctor_role;
            """);
        await File.WriteAllTextAsync(_keyFile, Convert.ToBase64String(new byte[32]));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _product.DisposeAsync();
        await _operations.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Fact]
    public async Task A_sound_fleet_has_nothing_but_ok()
    {
        // The server that tests share does without fsync.
        await _operations.DisposeAsync();
        _operations = TestDatabase.On((await TestServers.DurablePostgresAsync()).ConnectionString());
        await new Migrator(_operations.DataSource, new OperationsDatabaseOptions(_operations.ConnectionString)).MigrateAsync(default);

        var checks = await ExamineAsync(Document());

        Assert.All(checks, check => Assert.True(check.Status == DoctorStatus.Ok && check.Fix is null, check.ToString()));
        Assert.Equal(
            ["blobs.access", "gateway.clock", "gateway.key", "gateway.reachable", "gateway.version", "operations.connections", "operations.durability", "operations.version",
             "operators.approvers", "product.clock", "product.columns", "product.reachable", "product.read", "product.write", "secrets.key", "webhook.baseUrl", "webhook.deliverTo"],
            checks.Select(check => check.Check).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_broken_thing_is_told_with_a_fix_and_no_secret()
    {
        _gateway.ApiKey = "changed-on-the-gateway";
        await ExecuteAsync(_product, "REVOKE DELETE ON tenant_integrations FROM doctor_role; ALTER TABLE tenants ENABLE ROW LEVEL SECURITY; ALTER TABLE tenant_integrations DROP COLUMN config");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_keyFile, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var sound = Document();
        var broken = sound with
        {
            Alerts = new AlertSettings { Routes = [new AlertRoute { Name = "chat", Kind = "slack", Url = "${env:NOWHERE}" }] },
            Systems = [sound.Systems[0] with { Webhook = new WebhookOptions() }],
            Operators = [sound.Operators[0] with { KeyHash = Hash("admin") }],
        };

        var checks = await ExamineAsync(broken);

        var bad = checks.Where(check => check.Status != DoctorStatus.Ok).ToDictionary(check => check.Check, check => check.Status);
        var expected = new Dictionary<string, DoctorStatus>
        {
            ["gateway.key"] = DoctorStatus.Failed, ["product.columns"] = DoctorStatus.Failed, ["product.write"] = DoctorStatus.Warning, ["product.rows"] = DoctorStatus.Warning,
            ["secrets.key"] = DoctorStatus.Failed, ["fleet.reference"] = DoctorStatus.Failed, ["webhook.baseUrl"] = DoctorStatus.Warning, ["webhook.deliverTo"] = DoctorStatus.Warning,
            ["operations.durability"] = DoctorStatus.Failed, ["operators.key"] = DoctorStatus.Failed, ["operators.approvers"] = DoctorStatus.Warning, ["alerts.heartbeat"] = DoctorStatus.Warning,
        };
        Assert.Equal(expected.OrderBy(pair => pair.Key, StringComparer.Ordinal), bad.OrderBy(pair => pair.Key, StringComparer.Ordinal));
        Assert.All(checks.Where(check => check.Status != DoctorStatus.Ok), check => Assert.NotEmpty(check.Fix!));
        await AssertNoSecretsAsync(checks);
    }

    [Fact]
    public async Task Endpoints_that_are_down_are_failures_not_exceptions()
    {
        var sound = Document();
        var down = sound with
        {
            Systems =
            [
                sound.Systems[0] with
                {
                    Gateways = [new GatewayEndpoint { Name = "main", Url = "http://127.0.0.1:9", ApiKey = "${env:GATEWAY_KEY}" }, new GatewayEndpoint { Name = "keyless", Url = _gateway.Url, ApiKey = "${env:NO_KEY}" }],
                    TenantDirectory = new TenantDirectoryOptions { Kind = "revalya", ConnectionString = "${env:DEAD_PRODUCT}" },
                },
            ],
        };

        var checks = await ExamineAsync(down, new() { ["BlobStorage"] = "not a connection string", ["DEAD_PRODUCT"] = $"Host=127.0.0.1;Port=9;Username=x;Password={Password}" });

        Assert.Equal(["blobs.access BlobStorage", "fleet.reference ${env:NO_KEY}", "gateway.key keyless", "gateway.key main", "gateway.reachable main", "operations.durability OperationsDatabase", "product.reachable tenantDirectory"],
            checks.Where(check => check.Status == DoctorStatus.Failed).Select(check => $"{check.Check} {check.Target}").Order(StringComparer.Ordinal));
        await AssertNoSecretsAsync(checks);
    }

    [Fact]
    public async Task The_products_supabase_is_looked_at_where_the_file_names_it()
    {
        await using var supabase = await SupabaseStand.StartAsync(Key);
        supabase.Auth = 503;
        var sound = Document();
        async Task<string[]> ApiAsync(string key) =>
        [
            .. (await ExamineAsync(sound with { Systems = [sound.Systems[0] with { TenantDirectory = sound.Systems[0].TenantDirectory! with { SupabaseUrl = supabase.Url, SupabaseKey = key } }] }, new() { ["OLD_KEY"] = "changed" }))
                .Where(check => check.Check == "product.api").Select(check => $"{check.Target} {check.Status} {check.Detail.Split(" in ")[0]}")
        ];

        Assert.Equal(["supabase/rest Ok answered 200", "supabase/auth Failed It answers 503."], await ApiAsync("${env:GATEWAY_KEY}"));
        Assert.All(await ApiAsync("${env:OLD_KEY}"), line => Assert.Contains("Failed It answers 401.", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_way_to_the_product_is_looked_at_without_a_request()
    {
        using var product = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        product.Start();
        var sound = Document();
        FleetDocument With(string deliverTo, string? secret) => sound with
        {
            Systems = [sound.Systems[0] with { Webhook = sound.Systems[0].Webhook with { DeliverTo = deliverTo, DeliverySecret = secret } }],
        };
        async Task<string[]> DeliveryAsync(string deliverTo, string? secret) =>
            [.. (await ExamineAsync(With(deliverTo, secret), new() { ["GOOD"] = "whsec_c2VjcmV0", ["BAD"] = "whsec_not base64", ["URL"] = "nowhere" }))
                .Where(check => check.Check is "webhook.deliverTo" or "webhook.deliverySecret").Select(check => $"{check.Check} {check.Status}").Order(StringComparer.Ordinal)];
        var address = $"http://{product.LocalEndpoint}/hook/{{tenant}}";

        Assert.Equal(["webhook.deliverTo Ok", "webhook.deliverySecret Ok"], await DeliveryAsync(address, "${env:GOOD}"));
        Assert.Equal(["webhook.deliverTo Ok", "webhook.deliverySecret Failed"], await DeliveryAsync(address, "${env:BAD}"));
        Assert.Equal(["webhook.deliverTo Ok", "webhook.deliverySecret Failed"], await DeliveryAsync(address, "${env:NOWHERE}"));
        Assert.Equal(["webhook.deliverTo Ok", "webhook.deliverySecret Failed"], await DeliveryAsync(address, null));
        Assert.Equal(["webhook.deliverTo Failed", "webhook.deliverySecret Ok"], await DeliveryAsync("http://127.0.0.1:9/hook", "${env:GOOD}"));
        Assert.Equal(["webhook.deliverTo Failed", "webhook.deliverySecret Ok"], await DeliveryAsync("${env:URL}", "${env:GOOD}"));
        while (product.Pending())
        {
            using var connection = await product.AcceptTcpClientAsync();
            Assert.Equal(0, await connection.GetStream().ReadAsync(new byte[1]));
        }
    }

    /// <summary>Neither what was answered, nor what was logged at the lowest level, nor any table of WhatsOps.</summary>
    private async Task AssertNoSecretsAsync(IReadOnlyList<DoctorCheck> checks)
    {
        var said = JsonSerializer.Serialize(checks) + string.Join('\n', _messages.All);
        await using var tables = _operations.DataSource.CreateCommand("SELECT string_agg(query_to_xml(format('SELECT * FROM whatsops.%I', tablename), true, false, '')::text, ' ') FROM pg_tables WHERE schemaname = 'whatsops'");
        said += await tables.ExecuteScalarAsync();
        Assert.Contains("<operation>list</operation>", said, StringComparison.Ordinal);
        foreach (var secret in new[] { Password, Key, "changed-on-the-gateway" }) Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
    }

    private async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(FleetDocument document, Dictionary<string, string?>? settings = null)
    {
        settings = new(settings ?? []) { ["DataKeyFile"] = _keyFile, ["GATEWAY_KEY"] = Key, ["HEARTBEAT"] = "http://127.0.0.1:9" };
        settings["PRODUCT"] = new NpgsqlConnectionStringBuilder(_product.ConnectionString) { Username = "doctor_role", Password = Password }.ConnectionString;
        settings.TryAdd("BlobStorage", (await TestServers.AzuriteAsync()).ConnectionString);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        await using var provider = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_messages))
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton(_operations.DataSource)
            .AddSingleton(TimeProvider.System)
            .AddBlobs(configuration)
            .AddFleet()
            .AddGateways()
            .AddHealth()
            .AddDiagnosis()
            .BuildServiceProvider();
        await provider.GetRequiredService<FleetStore>().AddAsync(document, JsonSerializer.Serialize(document, FleetJson.Options), "ana", "", onlyFirst: false, default);
        var calls = provider.GetRequiredService<GatewayCallLog>();
        await calls.StartAsync(default);
        var checks = await provider.GetRequiredService<IDoctor>().ExamineAsync(default);
        await calls.StopAsync(default);
        return checks;
    }

    private FleetDocument Document() => new()
    {
        Systems =
        [
            new FleetSystem
            {
                Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-",
                Gateways = [new GatewayEndpoint { Name = "main", Url = _gateway.Url, ApiKey = "${env:GATEWAY_KEY}" }],
                TenantDirectory = new TenantDirectoryOptions { Kind = "revalya", ConnectionString = "${env:PRODUCT}" },
                Webhook = new WebhookOptions { BaseUrl = "http://127.0.0.1:9", DeliverTo = "none" },
            },
        ],
        Alerts = new AlertSettings { HeartbeatUrl = "${env:HEARTBEAT}" },
        Operators =
        [
            new Operator { Name = "ana", Role = OperatorRole.Approver, KeyHash = Hash("a long random key") },
            new Operator { Name = "rui", Role = OperatorRole.Approver, KeyHash = Hash("another long random key") },
        ],
    };

    private static string Hash(string key) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Everything that was logged, at the lowest level.</summary>
    private sealed class Messages : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> All { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => All.Enqueue(formatter(state, exception) + exception);

        public void Dispose()
        {
        }
    }
}
