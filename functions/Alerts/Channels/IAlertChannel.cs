using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Carries messages to one kind of route.</summary>
internal interface IAlertChannel
{
    /// <summary><see cref="AlertRoute.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>The least time between two messages.</summary>
    TimeSpan Pause { get; }

    /// <summary>True: only the people of the route see what it carries, so a message may hold a link that acknowledges.</summary>
    bool CarriesLinks { get; }

    /// <summary>Throws only when it is cancelled.</summary>
    Task<DeliveryResult> SendAsync(AlertDelivery delivery, CancellationToken cancellation);
}
