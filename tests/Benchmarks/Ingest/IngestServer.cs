using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Console;
using WhatsOps.Database;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Benchmarks.Ingest;

/// <summary>A server under measure, in this process like the others: the receiver in its host, or one of the two baselines.</summary>
internal sealed class IngestServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Action? _cleanUp;

    private IngestServer(WebApplication app, Action? cleanUp = null) => (_app, _cleanUp) = (app, cleanUp);

    public int Port => new Uri(_app.Urls.First()).Port;

    public T Get<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>The whole receiver: embedded host, middleware, functions, as functions/Program.cs puts them together.</summary>
    public static async Task<IngestServer> ReceiverAsync(string connectionString, CancellationToken cancellation)
    {
        var keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-bench-{Environment.ProcessId}.key");
        await File.WriteAllTextAsync(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellation);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await PrepareAsync(connectionString, cancellation);
        var builder = FunctionsApplication.CreateBuilder(
        [
            "--EmbeddedHost:Urls=http://127.0.0.1:0", "--EmbeddedHost:MasterKey=master-key-of-bench", "--EmbeddedHost:FunctionKey=function-key-of-bench",
            $"--OperationsDatabase={connectionString}", $"--DataKeyFile={keyFile}",
        ]);
        builder.ConfigureFunctionsWebApplication();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.FunctionTypes = [typeof(WebhookFunctions), typeof(EventFunctions), typeof(EventRetentionFunctions)];
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddDatabase(builder.Configuration);
        builder.Services.AddFleet();
        builder.Services.AddInstances();
        builder.Services.AddFindings();
        builder.Services.AddEvents(builder.Configuration);
        var app = builder.BuildOrThrow();
        await app.StartAsync(cancellation);
        return new IngestServer(app, () => File.Delete(keyFile));
    }

    /// <summary>Baseline: one INSERT … ON CONFLICT per request, each its own commit, on a pool of connections.</summary>
    public static async Task<IngestServer> InsertPerRequestAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using (var create = database.CreateCommand("CREATE TABLE IF NOT EXISTS plain_events (key bytea PRIMARY KEY, received_at timestamptz NOT NULL, body bytea NOT NULL)"))
            await create.ExecuteNonQueryAsync(cancellation);
        return await BareAsync(async http =>
        {
            var body = await ReadAsync(http.Request);
            await using var insert = database.CreateCommand("INSERT INTO plain_events VALUES ($1, $2, $3) ON CONFLICT DO NOTHING");
            insert.Parameters.Add(new() { Value = SHA256.HashData(body) });
            insert.Parameters.Add(new() { Value = DateTime.UtcNow });
            insert.Parameters.Add(new() { Value = body });
            await insert.ExecuteNonQueryAsync(http.RequestAborted);
            http.Response.ContentLength = 0;
        }, cancellation);
    }

    /// <summary>Baseline: Kestrel reads the body and answers.</summary>
    public static Task<IngestServer> NoStoreAsync(CancellationToken cancellation) => BareAsync(async http =>
    {
        await ReadAsync(http.Request);
        http.Response.ContentLength = 0;
    }, cancellation);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _cleanUp?.Invoke();
    }

    // A host that finds no fleet in force ends itself.
    private static async Task PrepareAsync(string connectionString, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await new Migrator(database, new OperationsDatabaseOptions(connectionString)).MigrateAsync(cancellation);
        var fleet = new FleetDocument { Systems = [new() { Name = "shop", Kind = "evolution", InstancePrefix = "shop-" }] };
        await new FleetStore(database, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<FleetStore>.Instance).AddAsync(fleet, JsonSerializer.Serialize(fleet, FleetJson.Options), "bench", "", onlyFirst: true, cancellation);
    }

    private static async Task<IngestServer> BareAsync(RequestDelegate handle, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.Run(handle);
        await app.StartAsync(cancellation);
        return new IngestServer(app);
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        while (true)
        {
            var result = await request.BodyReader.ReadAsync(request.HttpContext.RequestAborted);
            if (result.IsCompleted || result.Buffer.Length == request.ContentLength)
            {
                var body = result.Buffer.ToArray();
                request.BodyReader.AdvanceTo(result.Buffer.End);
                return body;
            }

            request.BodyReader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }
}
