using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using WhatsOps.Embedded.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Puts a function app together; <see cref="Build"/> gives the host that runs it.</summary>
public class FunctionsApplicationBuilder : IFunctionsWorkerApplicationBuilder, IHostApplicationBuilder
{
    private readonly WebApplicationBuilder web;
    private readonly List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware = [];

    internal FunctionsApplicationBuilder(string[] args) => web = EmbeddedHost.CreateWebBuilder(args);

    public ConfigurationManager Configuration => web.Configuration;

    public IHostEnvironment Environment => web.Environment;

    public ILoggingBuilder Logging => web.Logging;

    public IMetricsBuilder Metrics => web.Metrics;

    public IServiceCollection Services => web.Services;

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)web).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => web.Configuration;

    /// <summary>Where the functions are; null means the entry assembly. Tests name types.</summary>
    internal IReadOnlyList<Type>? FunctionTypes { get; set; }

    internal bool UsesWebApplication { get; set; }

    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        this.middleware.Add(middleware);
        return this;
    }

    public void ConfigureContainer<TContainerBuilder>(
        IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)web).ConfigureContainer(factory, configure);

    public IHost Build()
    {
        try
        {
            return BuildOrThrow();
        }
        catch (InvalidFunctionAppException problem)
        {
            // An operator needs the list of what to fix, not a stack trace.
            Console.Error.WriteLine(problem.Message);
            System.Environment.Exit(1);
            throw;
        }
    }

    internal WebApplication BuildOrThrow() => EmbeddedHost.Build(web, this, middleware);
}
