using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Embedded.Hosting;

/// <summary>Composition of the host: Kestrel, functions, timers, durable engine.</summary>
internal static class EmbeddedHost
{
    public static WebApplicationBuilder CreateWebBuilder(string[] args)
    {
        // The empty builder reads no appsettings.json and scans nothing: start-up time.
        var web = WebApplication.CreateEmptyBuilder(new() { Args = args, ContentRootPath = AppContext.BaseDirectory });
        web.WebHost.UseKestrelCore();
        web.Services.AddRouting();
        return web;
    }

    public static WebApplication Build(
        WebApplicationBuilder web,
        FunctionsApplicationBuilder app,
        IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware) => web.Build();
}
