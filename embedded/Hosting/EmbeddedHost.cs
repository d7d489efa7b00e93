using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Embedded.Durable;
using WhatsOps.Embedded.Functions;
using WhatsOps.Embedded.Http;
using WhatsOps.Embedded.Management;
using WhatsOps.Embedded.Timers;

namespace WhatsOps.Embedded.Hosting;

/// <summary>Composition of the host: Kestrel, functions, timers, durable engine.</summary>
internal static class EmbeddedHost
{
    public static WebApplicationBuilder CreateWebBuilder(string[] args)
    {
        // The empty builder reads no appsettings.json and scans nothing: start-up time.
        var web = WebApplication.CreateEmptyBuilder(new()
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT") ?? Environments.Production,
        });
        LocalSettings.AddTo(web.Configuration, AppContext.BaseDirectory);
        web.Configuration.AddEnvironmentVariables();
        web.Configuration.AddCommandLine(args);
        web.WebHost.UseKestrelCore();
        web.Services.AddRouting();
        web.Logging.AddConfiguration(HostJson(web.Configuration).GetSection("logging"));
        web.Logging.AddConfiguration(web.Configuration.GetSection("Logging"));
        web.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        web.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        });
        return web;
    }

    public static WebApplication Build(
        WebApplicationBuilder web,
        FunctionsApplicationBuilder app,
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        var settings = HostSettings.Read(web.Configuration, HostJson(web.Configuration));
        List<string> problems = [.. settings.Problems()];
        var discovery = new FunctionDiscovery(web.Configuration, settings, problems);
        var catalog = discovery.Discover(app.FunctionTypes ?? Assembly.GetEntryAssembly()!.GetTypes());
        if (settings.Database is null && catalog.NeedsDatabase)
            problems.Add("EmbeddedHost__Database (or OperationsDatabase) is not set: timers and durable functions need a PostgreSQL connection string there.");
        if (!app.UsesWebApplication && catalog.Of(TriggerKind.Http).Any())
            problems.Add("HTTP functions need builder.ConfigureFunctionsWebApplication() in Program.cs.");

        AddServices(web, settings, catalog, middleware);
        if (problems.Count > 0)
            throw new InvalidFunctionAppException(problems);
        var host = web.Build();
        discovery.CheckServices(host.Services.GetRequiredService<IServiceProviderIsService>());
        if (problems.Count > 0)
            throw new InvalidFunctionAppException(problems);

        Map(host);
        return host;
    }

    private static void AddServices(
        WebApplicationBuilder web,
        HostSettings settings,
        FunctionCatalog catalog,
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        var services = web.Services;
        web.WebHost.UseUrls(settings.Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = settings.MaxBodyBytes;
        });
        // Its request lines carry the query and with it ?code=KEY; no setting may bring them back.
        web.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(settings);
        services.AddSingleton(catalog);
        services.AddSingleton(new FunctionPipeline(middleware));
        services.AddSingleton<HttpKeys>();
        services.AddSingleton<HttpFunctions>();
        services.AddSingleton<FunctionsApi>();
        HttpResults.AddTo(services);
        if (settings.Database is null || !catalog.NeedsDatabase)
            return;

        services.AddHealthChecks().AddCheck<DatabaseHealthCheck>(DatabaseHealthCheck.Name);
        if (catalog.All.Any(f => f.Kind == TriggerKind.Timer))
        {
            services.AddSingleton(_ => new TimerStore(NpgsqlDataSource.Create(
                new NpgsqlConnectionStringBuilder(settings.Database) { ApplicationName = "whatsops-timers", MaxPoolSize = 4 })));
            services.TryAddSingleton(TimerLeaseOptions.Default);
            services.AddSingleton<TimerExecution>();
            services.AddSingleton<TimerService>();
            services.AddHostedService(provider => provider.GetRequiredService<TimerService>());
        }

        if (catalog.NeedsDurable)
        {
            services.AddSingleton<IDurableFunctions, DurableFunctions>();
            services.AddSingleton<DurableApi>();
            services.AddDurableEngine(new DurableEngineOptions
            {
                ConnectionString = settings.Database,
                MaxConcurrentActivities = settings.MaxActivities,
                LeaseDuration = settings.DurableLease,
            });
        }
    }

    private static void Map(WebApplication host)
    {
        host.Services.GetRequiredService<HttpFunctions>().Map(host);
        host.Services.GetRequiredService<FunctionsApi>().Map(host);
        host.Services.GetService<DurableApi>()?.Map(host);
    }

    /// <summary>host.json beside the app; AzureFunctionsJobHost__* settings override it, as on Azure.</summary>
    private static IConfiguration HostJson(IConfiguration configuration)
    {
        var overrides = configuration.GetSection("AzureFunctionsJobHost").AsEnumerable(makePathsRelative: true);
        return new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "host.json"), optional: true, reloadOnChange: false)
            .AddInMemoryCollection(overrides.Where(pair => pair.Value is not null))
            .Build();
    }
}
