using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.Engine.Movers;

/// <summary>What a file that should be without data has in it.</summary>
internal enum FoundData
{
    /// <summary>A hole of the right size: its data can be brought back.</summary>
    None,

    /// <summary>All of it, untouched: a release died before it freed any.</summary>
    Whole,

    /// <summary>What a restore or a release that died has left: it may go.</summary>
    Ours,

    /// <summary>All of it was written by somebody while nobody guarded the file: it is the file's content now.</summary>
    Theirs,

    /// <summary>Somebody's data with holes where the object's should be, or somebody cut or grew it: there is no content that is right.</summary>
    Mixed,
}

/// <summary>Tells what is in a released file, by its holes.</summary>
internal static class ReleasedContent
{
    /// <summary>Looks at a file whose record says released.</summary>
    public static FoundData Judge(Fd file, in FileStatus status, in LedgerRecord record)
    {
        if (record.IsReleasing)
        {
            var isUntouched = status.SizeBytes == record.SizeBytes && status.MtimeNs == record.MtimeNs && status.CtimeNs <= record.SealNs;
            return isUntouched ? FoundData.Whole : FoundData.Theirs;
        }

        if (status.SizeBytes == 0) return record.SizeBytes == 0 ? FoundData.None : FoundData.Theirs;
        var isRightSize = status.SizeBytes == record.SizeBytes;
        var isEmpty = FileSystemCalls.SeekData(file, 0) is null;
        if (isRightSize && isEmpty) return FoundData.None;
        if (isRightSize && record.IsRestoring) return FoundData.Ours;
        return !isEmpty && FileSystemCalls.SeekHole(file, 0) == status.SizeBytes ? FoundData.Theirs : FoundData.Mixed;
    }
}
