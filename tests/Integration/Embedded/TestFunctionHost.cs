using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>The embedded host inside the test process, over the function classes that a test names.</summary>
internal sealed class TestFunctionHost : IAsyncDisposable
{
    public const string MasterKey = "master-key-of-the-tests";
    public const string FunctionKey = "function-key-of-the-tests";

    private readonly WebApplication app;

    private TestFunctionHost(WebApplication app, RecordingLoggers logs)
    {
        this.app = app;
        Logs = logs;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => app.Services;

    public RecordingLoggers Logs { get; }

    public static FunctionsApplicationBuilder Builder(Type[] functions, params string[] settings)
    {
        var builder = FunctionsApplication.CreateBuilder(
        [
            "--EmbeddedHost:Urls=http://127.0.0.1:0",
            $"--EmbeddedHost:MasterKey={MasterKey}",
            $"--EmbeddedHost:FunctionKey={FunctionKey}",
            .. settings,
        ]);
        builder.ConfigureFunctionsWebApplication();
        builder.FunctionTypes = functions;
        return builder;
    }

    public static async Task<TestFunctionHost> StartAsync(FunctionsApplicationBuilder builder)
    {
        var logs = new RecordingLoggers();
        builder.Logging.ClearProviders().AddProvider(logs);
        var app = builder.BuildOrThrow();
        await app.StartAsync();
        return new TestFunctionHost(app, logs);
    }

    public static Task<TestFunctionHost> StartAsync(Type[] functions, Action<IServiceCollection>? services = null, params string[] settings)
    {
        var builder = Builder(functions, settings);
        services?.Invoke(builder.Services);
        return StartAsync(builder);
    }

    public Task StopAsync() => app.StopAsync();

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? key = null, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return await Client.SendAsync(request);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
