namespace Sluice.Repositories;

/// <summary>Rules for the range of a read.</summary>
internal static class ByteRanges
{
    /// <summary>An offset is not negative, a length at least 1.</summary>
    public static void Check(long offset, long? length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        if (length is { } given) ArgumentOutOfRangeException.ThrowIfLessThan(given, 1, nameof(length));
    }

    /// <summary>A range begins within the object, as S3 demands (416 InvalidRange); a whole object may be empty.</summary>
    public static void CheckWithin(string key, long offset, long? length, long size)
    {
        if (offset < size || (offset == 0 && length is null)) return;
        throw new RepositoryException(
            RepositoryErrorCode.Refused, $"The range from byte {offset} on is not within '{key}', which has {size} bytes.", isTransient: false);
    }
}
