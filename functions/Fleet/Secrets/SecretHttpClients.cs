using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Fleet;

/// <summary>HTTP clients whose addresses or headers are secrets.</summary>
internal static class SecretHttpClients
{
    /// <summary>One that follows no redirect, which would carry the secret elsewhere, and whose requests are not logged.</summary>
    public static IServiceCollection AddSecretHttpClient(this IServiceCollection services, string name)
    {
        services.AddHttpClient(name)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            // The factory's own logging writes addresses and headers.
            .RemoveAllLoggers();
        return services;
    }
}
