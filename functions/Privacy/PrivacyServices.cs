using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Privacy;

/// <summary>Registers the erasure of a person's data.</summary>
public static class PrivacyServices
{
    public static IServiceCollection AddPrivacy(this IServiceCollection services) => services.AddSingleton<PhoneEraser>();
}
