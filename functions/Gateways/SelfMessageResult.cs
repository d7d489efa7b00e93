namespace WhatsOps.Gateways;

/// <summary>What a gateway made of a message to be sent.</summary>
public enum SelfMessageResult
{
    /// <summary>Accepted, which proves nothing.</summary>
    Accepted,

    /// <summary>It would not or could not send it.</summary>
    Refused,

    /// <summary>No answer; it may or may not have been sent.</summary>
    Unanswered,

    /// <summary>Nothing was sent, for a reason that says nothing about the session: no number known, a refused key, no such instance.</summary>
    NotSent,
}
