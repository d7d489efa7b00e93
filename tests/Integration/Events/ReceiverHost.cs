using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using WhatsOps.Console;
using WhatsOps.Database;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Integration.Embedded;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>The receiver in the embedded host, over a database with a fleet of two systems: <c>shop</c> (prefix shop-) and <c>clinic</c> (clinic-).</summary>
internal sealed class ReceiverHost : IAsyncDisposable
{
    public const string OperatorKey = "key-of-ana";

    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-events-{Guid.NewGuid():N}.key");
    private readonly bool _ownsKeyFile = true;
    private TestFunctionHost _host = null!;

    private ReceiverHost(string connectionString, string? keyFile)
    {
        ConnectionString = connectionString;
        Database = NpgsqlDataSource.Create(connectionString);
        if (keyFile is not null) (_keyFile, _ownsKeyFile) = (keyFile, false);
        else WriteKey(_keyFile);
    }

    public string ConnectionString { get; }

    public NpgsqlDataSource Database { get; }

    public HttpClient Client => _host.Client;

    public string KeyFile => _keyFile;

    public IEnumerable<string> Logs => _host.Logs.Lines;

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public BackgroundFlush Flush => _host.Services.GetServices<IHostedService>().OfType<BackgroundFlush>().Single();

    /// <param name="keyFile">The key file of another host on the same database; null makes one.</param>
    public static Task<ReceiverHost> StartAsync(string connectionString, string? keyFile = null, TimeProvider? time = null, params string[] settings) =>
        StartAsync(keyFile is null ? Fleet() : null, connectionString, keyFile, time, _ => { }, settings);

    /// <summary>With another fleet than the usual one, and without the service that sends by itself: the test says when.</summary>
    public static Task<ReceiverHost> StartWithAsync(FleetDocument fleet, string connectionString, TimeProvider time, params string[] settings) => StartAsync(
        fleet, connectionString, null, time, services => services.Remove(services.Single(service => service.ImplementationType == typeof(DeliveryPump))), settings);

    private static async Task<ReceiverHost> StartAsync(
        FleetDocument? fleet, string connectionString, string? keyFile, TimeProvider? time, Action<IServiceCollection> change, string[] settings)
    {
        var host = new ReceiverHost(connectionString, keyFile);
        // A host that finds no fleet in force ends itself.
        if (fleet is not null) await host.ApplyFleetAsync(fleet);
        var builder = TestFunctionHost.Builder(
            [typeof(WebhookFunctions), typeof(MetaWebhookFunctions), typeof(EventFunctions), typeof(DeliveryApi), typeof(BackfillApi)],
            [$"--OperationsDatabase={connectionString}", $"--DataKeyFile={host._keyFile}", .. settings]);
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddDatabase(builder.Configuration);
        builder.Services.AddFleet();
        builder.Services.AddGateways();
        builder.Services.AddInstances();
        builder.Services.AddFindings();
        builder.Services.AddEvents(builder.Configuration);
        change(builder.Services);
        host._host = await TestFunctionHost.StartAsync(builder);
        return host;
    }

    public static void WriteKey(string path)
    {
        File.WriteAllText(path, Convert.ToBase64String(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray()));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public static FleetDocument Fleet() => new()
    {
        Systems = [new() { Name = "shop", Kind = "evolution", InstancePrefix = "shop-" }, new() { Name = "clinic", Kind = "evolution", InstancePrefix = "clinic-" }],
        Operators = [new() { Name = "ana", Role = OperatorRole.Viewer, KeyHash = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(OperatorKey))) }],
    };

    public async Task<string> SecretAsync(string tenant, string system = "shop") =>
        (await Get<ITenantSecrets>().EnsureAsync(system, tenant, CancellationToken.None)).Current;

    public async Task<(int Status, string Answer)> SendAsync(
        string tenant, string body, string? secret = null, string? bearer = null, string suffix = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/whatsapp/webhook/{tenant}{suffix}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (secret is not null) request.Headers.Add("x-whatsops-secret", secret);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        using var response = await Client.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        var isJson = answer.StartsWith('{');
        if ((int)response.StatusCode == 503) Assert.True(response.Headers.RetryAfter is not null, "503 without Retry-After");
        return ((int)response.StatusCode, isJson ? JsonDocument.Parse(answer).RootElement.TryGetProperty("status", out var status) ? status.ToString() : answer : answer);
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public Task<long> CountAsync(string table = "events", string where = "true") => ScalarAsync<long>($"SELECT count(*) FROM whatsops.{table} WHERE {where}");

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Database.DisposeAsync();
        if (_ownsKeyFile) File.Delete(_keyFile);
    }

    private Task ApplyFleetAsync(FleetDocument fleet) => new FleetStore(Database, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FleetStore>.Instance).AddAsync(
        fleet, JsonSerializer.Serialize(fleet, FleetJson.Options), "ana", "", onlyFirst: true, CancellationToken.None);
}
