using System.Security.Cryptography;
using System.Text;

namespace Sluice.Server.Security;

/// <summary>The administrator's keys: made at the first start and kept as an AWS shared-credentials file, <c>DATA/credentials</c>, mode 0600, profile
/// <c>sluice</c>. There are no default keys.</summary>
public static class CredentialsFile
{
    /// <summary>Name of the profile, and of the administrator.</summary>
    public const string Profile = "sluice";

    private const string IdKey = "aws_access_key_id";
    private const string SecretKey = "aws_secret_access_key";
    private const string IdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Path of the file.</summary>
    public static string PathIn(string dataDirectory) => Path.Combine(dataDirectory, "credentials");

    /// <summary>Reads the file, or makes it with fresh keys.</summary>
    /// <exception cref="InvalidDataException">The file has no usable profile.</exception>
    public static Principal LoadOrCreate(string dataDirectory)
    {
        var path = PathIn(dataDirectory);
        if (!File.Exists(path)) Write(path);
        return Load(path, Profile);
    }

    /// <summary>Reads a profile.</summary>
    /// <exception cref="InvalidDataException">The file has no such profile, or it lacks a key.</exception>
    public static Principal Load(string path, string profile = Profile)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var isOurs = false;
        foreach (var line in File.ReadLines(path).Select(line => line.Trim()))
        {
            if (line.StartsWith('[')) isOurs = line == $"[{profile}]";
            else if (isOurs && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals) values[line[..equals].Trim()] = line[(equals + 1)..].Trim();
        }

        if (!values.TryGetValue(IdKey, out var id) || !values.TryGetValue(SecretKey, out var secret))
            throw new InvalidDataException($"'{path}' has no profile [{profile}] with {IdKey} and {SecretKey}.");
        return new Principal { Name = profile, AccessKeyId = id, SecretAccessKey = secret, Allow = ["*"] };
    }

    private static void Write(string path)
    {
        var text = $"""
            # Keys of this Sluice server. AWS clients read them with AWS_SHARED_CREDENTIALS_FILE={path} and AWS_PROFILE={Profile}.
            [{Profile}]
            {IdKey} = AKIA{RandomNumberGenerator.GetString(IdAlphabet, 16)}
            {SecretKey} = {RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 40)}

            """;

        // Written whole under another name first: a torn file would lock the administrator out.
        var draft = path + ".new";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(draft, options))
        {
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
    }
}
