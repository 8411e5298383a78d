using Google.Protobuf;
using NotebookPersist.Formats.Protobuf;
using NotebookPersist.Protos;

namespace NotebookPersist.Tests.Execution.Flow;

/// <summary>Stored nodes, written down in one line each.</summary>
internal static class TestNodes
{
    public static NodeDef Make(string name, string op, string[] inputs, params (string Name, object Value)[] attributes)
    {
        var node = new NodeDef { Name = name, Op = op };
        node.Input.AddRange(inputs);
        foreach ((string key, object value) in attributes)
        {
            node.Attr.Add(key, value switch
            {
                DType type => new AttrValue { Type = (DataType)type },
                DType[] types => new AttrValue { List = new AttrValue.Types.ListValue { Type = { types.Select(static t => (DataType)t) } } },
                long number => new AttrValue { I = number },
                string text when key is "f" or "cond" or "body" or "then_branch" or "else_branch" => new AttrValue { Func = new NameAttrList { Name = text } },
                string[] names => new AttrValue { List = new AttrValue.Types.ListValue { Func = { names.Select(static n => new NameAttrList { Name = n }) } } },
                string text => new AttrValue { S = ByteString.CopyFromUtf8(text) },
                float number => new AttrValue { Tensor = TensorProtos.Encode(number) },
                int number => new AttrValue { Tensor = TensorProtos.Encode(number) },
                _ => throw new ArgumentException($"No attribute is written from a {value.GetType()}.", nameof(attributes)),
            });
        }

        return node;
    }
}
