using System.Globalization;

namespace Sluice.Scenarios.Trees;

/// <summary>A tree of equal files, a thousand in a directory.</summary>
/// <param name="Count">How many files.</param>
/// <param name="FileBytes">Size of each.</param>
internal sealed record EvenTree(int Count, long FileBytes) : FileTree
{
    private const int FilesPerDirectory = 1000;

    /// <inheritdoc/>
    public override int Files => Count;

    /// <inheritdoc/>
    public override long Bytes => Count * FileBytes;

    /// <inheritdoc/>
    public override string Title => Count == 1
        ? $"one file of {RunUnit.Text(FileBytes)}"
        : string.Create(CultureInfo.InvariantCulture, $"{Count:N0} {(FileBytes == 0 ? "empty files" : $"files of {RunUnit.Text(FileBytes)}")}");

    /// <inheritdoc/>
    public override void MakeIn(string directory) => MakeIn(directory, first: 0);

    /// <summary>Makes the files from a number on, where those before are there.</summary>
    public void MakeIn(string directory, int first)
    {
        var file = new RandomFile();
        for (var number = first; number < Count; number++)
        {
            var path = Path.Combine(directory, NameOf(number));
            if (number == first || number % FilesPerDirectory == 0) Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            file.Write(path, FileBytes);
        }
    }

    /// <summary>The name of a file in the tree.</summary>
    public static string NameOf(int number) => $"d{number / FilesPerDirectory:0000}/f{number % FilesPerDirectory:0000}";
}
