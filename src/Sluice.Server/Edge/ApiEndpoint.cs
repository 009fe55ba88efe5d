using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sluice.Catalog;
using Sluice.Core.Faults;
using Sluice.Core.Ids;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Operations;
using Sluice.Protocol.SigV4;
using Sluice.Server.Operations;
using Sluice.Server.Security;

namespace Sluice.Server.Edge;

/// <summary>
/// The one HTTP endpoint of the API (AWS JSON 1.1). Checks in the order of AWS's framework:
/// <code>
/// method → content type → body is JSON → target → signature → rights → types and constraints → the operation
/// </code>
/// Whatever happens, the answer is a JSON error with a request id; what is not a known fault is an InternalServerError in the log.
/// </summary>
internal sealed partial class ApiEndpoint(
    OperationDispatcher operations,
    PrincipalKeys principals,
    SigV4Verifier signatures,
    RequestBodies bodies,
    ServerOptions options,
    IIdSource ids,
    ILogger<ApiEndpoint> logger)
{
    private const string ContentType = "application/x-amz-json-1.1";

    /// <summary>Answers one request.</summary>
    public async Task HandleAsync(HttpContext http)
    {
        var requestId = ids.NewRequestId().ToString();
        http.Response.Headers["x-amzn-RequestId"] = requestId;
        if (Cors.Apply(http)) return;
        try
        {
            await WriteAsync(http, 200, await ExecuteAsync(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await WriteAsync(http, FaultOf(e, requestId));
        }
    }

    private async Task<byte[]> ExecuteAsync(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method)) throw FrameworkFault.UnknownOperation($"The method {http.Request.Method} is not POST.");
        if (http.Request.ContentType?.Split(';')[0].Trim() is not ContentType)
            throw FrameworkFault.UnknownOperation($"The Content-Type is not {ContentType}.");
        using var body = await bodies.ReadAsync(http.Request);
        var operation = OperationTable.FromTarget(http.Request.Headers["X-Amz-Target"]);
        using var document = RequestDocument.Parse(body.Bytes);
        var signer = signatures.Verify(SignedRequestOf(http, body.Bytes));
        var principal = principals.Get(signer.AccessKeyId);
        if (!principal.MayCall(operation.Action))
        {
            throw FrameworkFault.AccessDenied(
                $"User: arn:{options.Partition}:iam::{options.AccountId}:user/{principal.Name} is not authorized to perform: {operation.Action}");
        }

        var notes = new Dictionary<string, string>();
        var answer = await operations.ExecuteAsync(operation, document.RootElement, notes, http.RequestAborted);
        foreach (var (name, value) in notes) http.Response.Headers[name] = value;
        return answer;
    }

    private static SignedRequest SignedRequestOf(HttpContext http, ReadOnlyMemory<byte> body)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var question = target.IndexOf('?', StringComparison.Ordinal);
        return new SignedRequest
        {
            Method = http.Request.Method,
            Path = question < 0 ? target : target[..question],
            Query = question < 0 ? "" : target[(question + 1)..],
            Headers = [.. http.Request.Headers.SelectMany(header => header.Value.Select(value => KeyValuePair.Create(header.Key, value ?? "")))],
            Body = body,
        };
    }

    private WireFault FaultOf(Exception e, string requestId)
    {
        switch (e)
        {
            case FsxFault fault:
                return FaultWriter.Write(fault);
            case FrameworkFault fault:
                return FaultWriter.Write(fault);
            case CatalogException catalog:
                CatalogFailed(logger, requestId, catalog);
                return FaultWriter.Write(new FsxFault(FaultCode.InternalServerError, catalog.Message));
            default:
                Unexpected(logger, requestId, e);
                return FaultWriter.Write(new FsxFault(FaultCode.InternalServerError, "The server met an unexpected fault; its log has the request id."));
        }
    }

    private static Task WriteAsync(HttpContext http, WireFault fault)
    {
        http.Response.Headers[WireFault.ErrorTypeHeader] = fault.Code;
        return WriteAsync(http, fault.Status, fault.Body);
    }

    private static async Task WriteAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = ContentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{RequestId}: the catalog failed")]
    private static partial void CatalogFailed(ILogger logger, string requestId, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "{RequestId}: unexpected fault")]
    private static partial void Unexpected(ILogger logger, string requestId, Exception exception);
}
