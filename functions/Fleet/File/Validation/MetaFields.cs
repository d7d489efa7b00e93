namespace WhatsOps.Fleet;

/// <summary>Rules of <c>systems[].meta</c>.</summary>
internal static class MetaFields
{
    public static void Check(FleetSystem system, string path, FleetProblems problems)
    {
        if (system.Meta is not { } meta) return;
        if (SystemKinds.All.Contains(system.Kind) && !SystemKinds.SpeaksWithMeta(system.Kind))
            problems.Add(path, $"stands in a system of kind {system.Kind}, whose customers do not come over Meta's Cloud API", "leave it out");
        FleetRules.Secret(meta.AppSecret, $"{path}.appSecret", "${env:META_APP_SECRET}", problems);
        if (meta.PreviousAppSecret is { } previous) FleetRules.Secret(previous, $"{path}.previousAppSecret", "${env:META_PREVIOUS_APP_SECRET}", problems);
        FleetRules.Secret(meta.VerifyToken, $"{path}.verifyToken", "${env:META_VERIFY_TOKEN}", problems);
    }
}
