namespace Sluice.TestKit;

/// <summary>Tells S3 operations by the form of their requests, with the names of the S3 API.</summary>
internal static class S3Operation
{
    public static string Name(string method, string key, IReadOnlyDictionary<string, string> query, bool isCopy)
    {
        var hasKey = key.Length > 0;
        var hasUpload = query.ContainsKey("uploadId");
        return (method, hasKey) switch
        {
            ("PUT", true) when hasUpload => isCopy ? "UploadPartCopy" : "UploadPart",
            ("PUT", true) when query.ContainsKey("acl") => "PutObjectAcl",
            ("PUT", true) when query.ContainsKey("tagging") => "PutObjectTagging",
            ("PUT", true) => isCopy ? "CopyObject" : "PutObject",
            ("POST", true) when query.ContainsKey("uploads") => "CreateMultipartUpload",
            ("POST", true) when hasUpload => "CompleteMultipartUpload",
            ("DELETE", true) => hasUpload ? "AbortMultipartUpload" : "DeleteObject",
            ("GET", true) => hasUpload ? "ListParts" : "GetObject",
            ("HEAD", true) => "HeadObject",
            ("GET", false) when query.ContainsKey("uploads") => "ListMultipartUploads",
            ("GET", false) => "ListObjects",
            ("HEAD", false) => "HeadBucket",
            ("PUT", false) => "CreateBucket",
            ("DELETE", false) => "DeleteBucket",
            ("POST", false) when query.ContainsKey("delete") => "DeleteObjects",
            _ => method,
        };
    }
}
