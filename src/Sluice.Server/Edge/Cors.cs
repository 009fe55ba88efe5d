using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Sluice.Server.Edge;

/// <summary>Answers browsers as AWS's framework does: any origin may call, because only a signature gives rights.</summary>
internal static class Cors
{
    private const string PreflightSeconds = "172800";

    /// <summary>Adds the headers for a request from a page; true when it was a preflight and is answered.</summary>
    public static bool Apply(HttpContext http)
    {
        var (request, response) = (http.Request, http.Response);
        if (!request.Headers.ContainsKey("Origin")) return false;
        response.Headers.AccessControlAllowOrigin = "*";
        if (!HttpMethods.IsOptions(request.Method))
        {
            response.Headers.AccessControlExposeHeaders = "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date";
            return false;
        }

        response.Headers.AccessControlAllowHeaders = Echo(request.Headers.AccessControlRequestHeaders);
        response.Headers.AccessControlAllowMethods = Echo(request.Headers.AccessControlRequestMethod);
        response.Headers.AccessControlMaxAge = PreflightSeconds;
        return true;
    }

    // A header may come with characters that none may be sent with; nothing is allowed that names them.
    private static StringValues Echo(StringValues asked) =>
        asked.All(value => value is null || value.All(character => character is >= ' ' and <= '~')) ? asked : StringValues.Empty;
}
