namespace Sluice.TestKit;

/// <summary>Where the repository and its build results are, found from the place of the running tests.</summary>
public static class SourceTree
{
    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The service models in botocore's layout: a value for <c>AWS_DATA_PATH</c>.</summary>
    public static string Models => Path("tests/models");

    /// <summary>Where Node finds the AWS SDK: the folder with <c>node_modules</c>.</summary>
    public static string NodeClients => Path("tests/clients/js");

    /// <summary>The built program, of the same configuration as the running tests.</summary>
    public static string Program
    {
        get
        {
            // artifacts/bin/<project>/<configuration>/
            var configuration = new DirectoryInfo(AppContext.BaseDirectory);
            return System.IO.Path.GetFullPath($"../../Sluice/{configuration.Name}/sluice.dll", configuration.FullName);
        }
    }

    /// <summary>A path in the repository.</summary>
    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Sluice.slnx")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Sluice.slnx.");
    }
}
