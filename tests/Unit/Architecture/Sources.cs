namespace WhatsOps.Tests.Unit.Architecture;

/// <summary>The source tree, found from the test binaries upwards.</summary>
internal static class Sources
{
    public static string Root { get; } = FindRoot();

    public static string Functions => Path.Combine(Root, "functions");

    public static IEnumerable<string> CSharpIn(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "WhatsOpsFunctions.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("WhatsOpsFunctions.sln is in no folder above the test binaries.");
    }
}
