using Sluice.TestKit;

namespace Sluice.SystemTests.Faults;

/// <summary>All rows of the matrix. <c>SLUICE_FAULT_ROWS</c> greater than 0 has what passes happen a few times too, not only once and for ever.</summary>
internal static class FaultRows
{
    private const string Recovers = "recovers";
    private const string Unreachable = "The repository can't be reached. Check its endpoint";
    private const string SlowDown = "The repository asks for fewer requests";
    private const string Unlistable = "The repository can't be listed";
    private const string Refused = "The endpoint does not accept the credentials";
    private const string NoBucket = "The bucket does not exist";
    private const string Error = "row S3Error";
    private const string Denied = "row S3AccessDenied";
    private const int Ever = int.MaxValue;

    public static IEnumerable<FaultRow> All =>
    [
        .. Of("export", "PutObject", Unreachable, SlowDown, Denied),
        .. Spoiled("export", "PutObject"),
        // What nobody but the one in between knows to be there twice stays.
        .. Of("export", "CreateMultipartUpload", Error, Error, Denied).Where(row => row.Fault != "duplicated"),
        .. Of("export", "UploadPart", Error, Error, Denied),
        .. Spoiled("export", "UploadPart"),
        new("export", "UploadPart", "404 NoSuchUpload", 1, Error),
        .. Of("export", "CompleteMultipartUpload", Error, Error, Denied).Select(Proved),
        .. Spoiled("export", "CompleteMultipartUpload"),
        new("export", "CompleteMultipartUpload", "404 NoSuchUpload", 1, Error),
        .. Aborts(),
        .. Heads("export"),
        .. Of("export", "CopyObject", Unreachable, SlowDown, Denied),
        new("export", "PutObject", "412 PreconditionFailed", Ever, Error),
        new("export", "PutObject", FaultKinds.NoBucket, Ever, NoBucket),

        .. Of("import", "ListObjects", Unlistable, Unlistable, Unlistable),
        new("import", "ListObjects", FaultKinds.NoBucket, Ever, NoBucket),
        .. Heads("import"),
        new("import", "HeadObject", "404 NoSuchKey", 1, "row S3ObjectNotFound"),
        .. Of("import", "GetObject", Error, Error, Denied),

        // What a listing does not tell is asked about one by one.
        .. Of("release", "ListObjects", Recovers, Recovers, Recovers).Where(row => row.Outcome == Recovers),
        .. Heads("release"),
        new("release", "HeadObject", "404 NoSuchKey", 1, "row SourceObjectDeletedBeforeReleasing"),
        new("release", "ListObjects", "400 ExpiredToken", Ever, Refused),

        // A content that ends early every time may be the one object's fault.
        .. Of("restore", "GetObject", Unreachable, SlowDown, Denied).Select(row => row is { Fault: "truncated", Times: Ever } ? row with { Outcome = Error } : row),
        .. Spoiled("restore", "GetObject"),
        new("restore", "GetObject", "404 NoSuchKey", 1, "row S3ObjectNotFound"),
        new("restore", "GetObject", "412 PreconditionFailed", Ever, Error),
        new("restore", "GetObject", FaultKinds.NoBucket, Ever, NoBucket),
        .. Of("restore", "GetObject large", Error, Error, Denied),
        .. Spoiled("restore", "GetObject large"),

        .. FaultKinds.Unavailable.Concat(FaultKinds.Throttled).Select(fault => new FaultRow("report", "PutObject", fault, 1, "row InternalError")),
        new("report", "PutObject", "500 InternalError", Ever, "The completion report could not be written"),
        new("report", "PutObject", "403 AccessDenied", Ever, "The completion report could not be written"),
    ];

    /// <summary>What may befall any operation.</summary>
    private static IEnumerable<FaultRow> Of(string task, string operation, string unavailable, string throttled, string denied)
    {
        foreach (var fault in FaultKinds.Harmless) yield return new(task, operation, fault, Ever, Recovers);
        foreach (var fault in FaultKinds.Unavailable.Concat(FaultKinds.Throttled))
        {
            yield return new(task, operation, fault, 1, Recovers);
            if (Counts.Of("SLUICE_FAULT_ROWS", 0) > 0) yield return new(task, operation, fault, FaultyTasks.Attempts - 1, Recovers);
            yield return new(task, operation, fault, Ever, FaultKinds.Throttled.Contains(fault) ? throttled : unavailable);
        }

        yield return new(task, operation, "403 AccessDenied", 1, denied);
        yield return new(task, operation, "403 AccessDenied", Ever, denied);
        foreach (var fault in FaultKinds.Credentials) yield return new(task, operation, fault, Ever, Refused);
    }

    /// <summary>An answer to a HEAD has no content, and so no code: its status alone tells.</summary>
    private static IEnumerable<FaultRow> Heads(string task) => Of(task, "HeadObject", Unreachable, SlowDown, Denied)
        .Where(row => row.Fault != "400 RequestTimeout")
        .Select(row => row is { Fault: "503 SlowDown", Times: Ever } ? row with { Outcome = Unreachable } : row);

    /// <summary>A content that is not what was sent.</summary>
    private static IEnumerable<FaultRow> Spoiled(string task, string operation)
    {
        foreach (var fault in operation.StartsWith("GetObject", StringComparison.Ordinal) ? ["corrupted answer"] : new[] { "corrupted", "400 BadDigest" })
        {
            yield return new(task, operation, fault, 1, Recovers);
            yield return new(task, operation, fault, Ever, Error);
        }
    }

    /// <summary>Where only the answer of a completion is lost, the object proves it.</summary>
    private static FaultRow Proved(FaultRow row) => row.Fault is "cut after" or "truncated" ? row with { Outcome = Recovers } : row;

    /// <summary>Uploads whose parts are refused are aborted, sooner or later.</summary>
    private static IEnumerable<FaultRow> Aborts()
    {
        foreach (var fault in FaultKinds.Harmless) yield return new("export", "AbortMultipartUpload", fault, Ever, Denied);
        foreach (var fault in FaultKinds.Unavailable.Concat(FaultKinds.Throttled).Append("403 AccessDenied"))
        {
            yield return new("export", "AbortMultipartUpload", fault, 1, Denied);
            yield return new("export", "AbortMultipartUpload", fault, Ever, Denied);
        }
    }
}
