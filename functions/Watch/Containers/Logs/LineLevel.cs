namespace WhatsOps.Watch;

/// <summary>How a line of a log names itself.</summary>
internal enum LineLevel
{
    Other,
    Debug,
    Warning,
    Error,
}
