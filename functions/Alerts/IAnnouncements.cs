using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Tells every alert route of a system something that is no finding, such as a report that is ready. Routes for escalation only are left alone.</summary>
public interface IAnnouncements
{
    /// <param name="name">What it is, the same at every attempt: an announcement of one name reaches each route once.</param>
    /// <param name="text">The headline; no secrets, phone numbers masked.</param>
    /// <param name="fields">In the language of the route.</param>
    Task AnnounceAsync(string system, string name, string text, Func<Language, IReadOnlyList<AlertField>> fields, CancellationToken cancellation);

    /// <summary>The same to all, whatever their language.</summary>
    Task AnnounceAsync(string system, string name, string text, IReadOnlyList<AlertField> fields, CancellationToken cancellation) =>
        AnnounceAsync(system, name, text, _ => fields, cancellation);
}
