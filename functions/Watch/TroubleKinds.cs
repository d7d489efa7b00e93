namespace WhatsOps.Watch;

/// <summary>Kinds of the findings of this station.</summary>
internal static class TroubleKinds
{
    /// <summary>No answer for a minute, and to two looks in a row.</summary>
    public const string Unreachable = "target_unreachable";

    /// <summary>The credential is refused.</summary>
    public const string Unauthorized = "target_unauthorized";

    /// <summary>It answers that what is looked for is not there: an endpoint, a queue, a container.</summary>
    public const string Absent = "target_absent";

    /// <summary>It says itself that it is not well.</summary>
    public const string Unhealthy = "target_unhealthy";

    /// <summary>A setting is not what the fleet file wants.</summary>
    public const string Misconfigured = "target_misconfigured";

    /// <summary>A number that cannot be had here: a source is missing, so its rules say nothing.</summary>
    public const string NotObservable = "target_not_observable";

    /// <summary>Something is open, public or in clear that should not be.</summary>
    public const string Exposed = "target_exposed";

    /// <summary>The day by which something must be renewed is near, or over.</summary>
    public const string RenewalDue = "renewal_due";

    /// <summary>It is of another version than before.</summary>
    public const string VersionChanged = "version_changed";

    /// <summary>A release did not come the way that it should: nobody approved it, or it has no notes.</summary>
    public const string ReleaseUnsound = "release_unsound";

    /// <summary>What runs is not what was released.</summary>
    public const string ReleaseNotRunning = "release_not_running";

    /// <summary>An alert of Prometheus fires.</summary>
    public const string ExternalAlert = "external_alert";

    /// <summary>A rule over samples fires.</summary>
    public const string Threshold = "threshold_crossed";

    /// <summary>A rule has no samples to judge by.</summary>
    public const string NoSamples = "samples_missing";
}
