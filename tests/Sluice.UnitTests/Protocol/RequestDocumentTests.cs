using System.Text;
using System.Text.Json;
using CsCheck;
using Sluice.Protocol;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Faults;
using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class RequestDocumentTests
{
    private const string Valid =
        """{"Type":"EXPORT_TO_REPOSITORY","FileSystemId":"fs-0123456789abcdef0","Report":{"Enabled":true,"Path":"s3://b/\u00fc\ud83d\ude00"},"Paths":["/a"],"CapacityToRelease":1.5}""";

    public static TheoryData<byte[]> Refused =>
    [
        .. new[]
        {
            "", " ", "null", "[]", "5", "\"x\"", "{", "{}}", "{}{}", "{'a':1}", "{\"a\":1,}", "{/**/}", "{\"a\":NaN}", "{\"a\":Infinity}", "{\"a\":01}",
            "{\"a\":1,\"a\":1}", "{\"a\":1,\"\\u0061\":2}", "{\"x\":{\"a\":1,\"a\":2}}", "{\"a\":\"\\ud800\"}", "{\"\\udc00\":1}", "{\"a\":\"\\ud800\\ud800\"}",
            "{\"a\":\"\n\"}", "\ufeff{}", $"{{\"a\":{new string('[', 40)}{new string(']', 40)}}}", $"{{\"a\":{new string('[', 500_000)}",
        }.Select(Encoding.UTF8.GetBytes),
        (byte[])[.. "{\"a\":\""u8, 0xff, .. "\"}"u8],
        (byte[])[.. "{\"a\":\""u8, 0xc0, 0x80, .. "\"}"u8],
        (byte[])[.. "{\"a\":\""u8, 0xed, 0xa0, 0x80, .. "\"}"u8],
    ];

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_is_not_one_sound_JSON_object_is_a_serialization_fault(byte[] body)
    {
        var fault = Assert.Throws<FrameworkFault>(() => RequestDocument.Parse(body));

        Assert.Equal(("SerializationException", 400), (fault.Code, fault.Status));
        Assert.NotEmpty(fault.Message);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData(" {\"a\":\"\\ud83d\\ude00\"}\r\n")]
    public void One_sound_JSON_object_is_read(string body)
    {
        using var document = RequestDocument.Parse(Encoding.UTF8.GetBytes(body));

        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }

    [Fact]
    public void A_damaged_body_is_read_or_refused_and_never_anything_else() =>
        Gen.Select(Gen.Int[0, 10_000], Gen.OneOf(Gen.Byte, Gen.Char["\"\\{}[]:,0e-.u"].Select(character => (byte)character)), Gen.Int[0, 2], (at, value, how) => (at, value, how))
            .Array[1, 4]
            .Sample(damages =>
            {
                var body = Encoding.UTF8.GetBytes(Valid).ToList();
                foreach (var (at, value, how) in damages)
                {
                    if (how == 0)
                        body.RemoveAt(at % body.Count);
                    else if (how == 1)
                        body.Insert(at % body.Count, value);
                    else
                        body[at % body.Count] = value;
                }

                return IsHandled([.. body]);
            }, iter: 20_000);

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_anything_else() => Gen.Byte.Array[0, 60].Sample(IsHandled, iter: 5_000);

    private static bool IsHandled(byte[] body)
    {
        try
        {
            using var document = RequestDocument.Parse(body);
            _ = FsxOperations.CreateDataRepositoryTask.ReadInput(document.RootElement);
            _ = CanonicalRequest.Of(FsxOperations.CreateDataRepositoryTask.Info, document.RootElement);
            return true;
        }
        catch (FrameworkFault fault)
        {
            return FaultWriter.Write(fault).Status == 400;
        }
    }
}
