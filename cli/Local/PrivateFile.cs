namespace WhatsOps.Cli.Local;

/// <summary>Files with keys in them: mode 600 from the first byte, replaced in one step.</summary>
public static class PrivateFile
{
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var next = path + ".next";
        File.Delete(next);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new StreamWriter(path: next, options)) file.Write(text);
        File.Move(next, path, overwrite: true);
    }
}
