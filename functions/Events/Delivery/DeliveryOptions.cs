using Microsoft.Extensions.Configuration;

namespace WhatsOps.Events;

/// <summary>How hard WhatsOps may work on a product. Every number is a setting of the same name with the prefix <c>Delivery</c>.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Tenants of one system that are sent for at the same time, over all processes. Setting <c>DeliveryPerSystem</c>.</summary>
    public int PerSystem { get; init; } = 8;

    /// <summary>Tenants that one process sends for at the same time. Setting <c>DeliveryInAll</c>.</summary>
    public int InAll { get; init; } = 32;

    /// <summary>Seconds that a product has for its answer. Setting <c>DeliveryTimeoutSeconds</c>.</summary>
    public int TimeoutSeconds { get; init; } = 15;

    /// <summary>How long a lane stays with a process that died: a whole attempt, and room for another.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds((2 * TimeoutSeconds) + 10);

    public static DeliveryOptions From(IConfiguration configuration)
    {
        var defaults = new DeliveryOptions();
        return new()
        {
            PerSystem = Read(nameof(PerSystem), defaults.PerSystem, 1, 256),
            InAll = Read(nameof(InAll), defaults.InAll, 1, 256),
            TimeoutSeconds = Read(nameof(TimeoutSeconds), defaults.TimeoutSeconds, 1, 30),
        };

        int Read(string name, int missing, int min, int max) => configuration["Delivery" + name] switch
        {
            null or "" => missing,
            var text when int.TryParse(text, out var value) && value >= min && value <= max => value,
            var text => throw new InvalidOperationException($"Setting Delivery{name} is '{text}'. Fix: a number from {min} to {max}, or remove it."),
        };
    }
}
