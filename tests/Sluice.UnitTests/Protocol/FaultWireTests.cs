using System.Text;
using System.Text.Json;
using CsCheck;
using Sluice.Core.Faults;
using Sluice.Protocol.Constraints;
using Sluice.Protocol.Faults;
using Xunit;

namespace Sluice.UnitTests.Protocol;

public sealed class FaultWireTests
{
    [Fact]
    public void A_modelled_fault_has_a_bare_code_and_a_capital_Message()
    {
        var wire = FaultWriter.Write(new FsxFault(FaultCode.DataRepositoryTaskEnded, "The task 'task-1' has ended."));

        Assert.Equal((400, "DataRepositoryTaskEnded"), (wire.Status, wire.Code));
        Assert.Equal("""{"__type":"DataRepositoryTaskEnded","Message":"The task 'task-1' has ended."}""", Encoding.UTF8.GetString(wire.Body.Span));
    }

    [Fact]
    public void A_framework_fault_has_a_small_message()
    {
        var wire = FaultWriter.Write(FrameworkFault.MissingAuthenticationToken());

        Assert.Equal(400, wire.Status);
        Assert.Equal("""{"__type":"MissingAuthenticationTokenException","message":"Missing Authentication Token"}""", Encoding.UTF8.GetString(wire.Body.Span));
    }

    [Fact]
    public void Extra_members_are_written()
    {
        var fault = new FsxFault(FaultCode.IncompatibleParameterError, "m") { Members = new Dictionary<string, string> { ["Parameter"] = "Paths" } };

        Assert.Equal("""{"__type":"IncompatibleParameterError","Message":"m","Parameter":"Paths"}""", Encoding.UTF8.GetString(FaultWriter.Write(fault).Body.Span));
    }

    [Fact]
    public void Every_code_is_an_exception_of_the_model_with_its_status()
    {
        foreach (var code in Enum.GetValues<FaultCode>())
        {
            var model = ServiceModel.Shape(code.ToString());
            Assert.True(model.GetProperty("exception").GetBoolean());
            var isServerFault = model.TryGetProperty("fault", out var fault) && fault.GetBoolean();
            Assert.Equal(isServerFault ? 500 : 400, FaultWriter.Write(new FsxFault(code, "m")).Status);
        }
    }

    [Theory]
    [InlineData("ServiceUnavailable", 503)]
    [InlineData("RequestEntityTooLargeException", 413)]
    [InlineData("RequestTimeoutException", 408)]
    [InlineData("ThrottlingException", 400)]
    public void A_framework_fault_has_its_status(string code, int status)
    {
        FrameworkFault[] faults = [FrameworkFault.ServiceUnavailable("m"), FrameworkFault.RequestEntityTooLarge(1), FrameworkFault.RequestTimeout("m"), FrameworkFault.Throttling()];

        Assert.Equal(status, FaultWriter.Write(faults.Single(fault => fault.Code == code)).Status);
    }

    [Fact]
    public void A_modelled_message_has_1_to_256_characters() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char, 200, 600], Gen.Int[0, 600].Select(count => string.Concat(Enumerable.Repeat("😀", count)))).Sample(message =>
        {
            var wire = FaultWriter.Write(new FsxFault(FaultCode.BadRequest, message));
            using var body = JsonDocument.Parse(wire.Body);
            var written = body.RootElement.GetProperty("Message").GetString()!;
            var length = written.EnumerateRunes().Count();
            return length is >= 1 and <= 256 && (message.EnumerateRunes().Count() <= 256 || length == 256);
        });

    [Fact]
    public void Violations_are_all_told_however_long()
    {
        var violations = Enumerable.Range(1, 10).Select(number => new Violation($"member{number}", "null", "Member must not be null")).ToList();

        var wire = FaultWriter.Write(FrameworkFault.InvalidRequest(violations));

        Assert.Equal("BadRequest", wire.Code);
        using var body = JsonDocument.Parse(wire.Body);
        var message = body.RootElement.GetProperty("Message").GetString();
        Assert.All(violations, violation => Assert.Contains(violation.ToString(), message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400, null, """{"__type":"DataRepositoryTaskEnded","Message":"m"}""", "DataRepositoryTaskEnded", "m")]
    [InlineData(400, null, """{"__type":"com.amazonaws.fsx#BadRequest","message":"m"}""", "BadRequest", "m")]
    [InlineData(400, "BadRequest:http://internal.amazon.com/coral/com.amazonaws.fsx/", """{"Message":"m"}""", "BadRequest", "m")]
    [InlineData(400, null, """{"code":"Throttling","message":null}""", "Throttling", "The server answered with status 400.")]
    [InlineData(502, null, "<html>Bad Gateway</html>", "502", "<html>Bad Gateway</html>")]
    [InlineData(503, null, "", "503", "The server answered with status 503.")]
    [InlineData(500, null, "[1]", "500", "The server answered with status 500.")]
    [InlineData(500, null, """{"__type":5,"message":{}}""", "500", "The server answered with status 500.")]
    public void An_error_of_any_server_is_read(int status, string? errorType, string body, string code, string message)
    {
        var fault = FaultReader.Read(status, errorType, Encoding.UTF8.GetBytes(body));

        Assert.Equal((status, code, message), (fault.Status, fault.Code, fault.Message));
    }

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Enum<FaultCode>(), Gen.String[Gen.Char[' ', '~'], 1, 256], (code, message) => new FsxFault(code, message)).Sample(fault =>
        {
            var written = FaultWriter.Write(fault);
            var read = FaultReader.Read(written.Status, null, written.Body);
            return (read.Code, read.Message, read.Status) == (written.Code, fault.Message, written.Status);
        });

    [Fact]
    public void No_body_makes_the_reader_fail() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.String, (body, errorType) => (body, errorType))
            .Sample(answer => FaultReader.Read(500, answer.errorType, answer.body).Message.Length > 0);
}
