namespace WhatsOps.Tests.Capabilities;

/// <summary>How a source may be that is looked at.</summary>
public enum SourceState
{
    /// <summary>There and well.</summary>
    Present,

    /// <summary>Not there, or without the part that is looked for.</summary>
    Absent,

    /// <summary>Refuses who looks.</summary>
    Unauthorized,

    /// <summary>Takes the question and does not answer in time.</summary>
    Slow,

    /// <summary>Answers, with what is not so or not its own.</summary>
    Lying,
}
