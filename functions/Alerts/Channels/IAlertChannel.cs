using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Carries messages to one kind of route.</summary>
internal interface IAlertChannel
{
    /// <summary><see cref="AlertRoute.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>The least time between two messages.</summary>
    TimeSpan Pause { get; }

    /// <param name="id">The same at every attempt, so that a repeated message can be told from a second one.</param>
    Task<DeliveryResult> SendAsync(AlertRoute route, Guid id, AlertMessage message, CancellationToken cancellation);
}
