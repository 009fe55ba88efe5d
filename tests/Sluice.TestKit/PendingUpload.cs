namespace Sluice.TestKit;

/// <summary>A multipart upload that was neither completed nor aborted.</summary>
/// <param name="Key">The key it is for.</param>
/// <param name="UploadId">Its id.</param>
public sealed record PendingUpload(string Key, string UploadId);
