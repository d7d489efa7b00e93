using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Watch;

/// <summary>Registers the looks at RabbitMQ and their HTTP client.</summary>
internal static class RabbitMqServices
{
    private const int MostBytes = 4 * 1024 * 1024;

    public static IServiceCollection AddRabbitMqProbe(this IServiceCollection services)
    {
        services.AddHttpClient(RabbitMqApi.ClientName, client => (client.Timeout, client.MaxResponseContentBufferSize) = (TimeSpan.FromSeconds(10), MostBytes))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
            // The factory's own loggers print headers at Trace: the password is in one.
            .RemoveAllLoggers();
        return services.AddSingleton<IProbe, RabbitMqProbe>();
    }
}
