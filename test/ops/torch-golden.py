import torch, json, math
import torch.nn.functional as F
torch.set_default_dtype(torch.float64)
def wave(shape, seed=1):
    n=math.prod(shape)
    return torch.sin(torch.arange(n,dtype=torch.float64)*1.7*seed+seed).reshape(shape)
cases=[]
def add(op,shapes,attrs,fn,scale=1.0,extra=None):
    ins={k:wave(s,i+1)*scale for i,(k,s) in enumerate(shapes.items())}
    out=fn(**ins)
    out=out if isinstance(out,(tuple,list)) else [out]
    cases.append(dict(op=op,inputs=shapes,attrs=attrs,scale=scale,outputs=[dict(shape=list(o.shape),data=[round(v,7) for v in o.flatten().tolist()]) for o in out],**(extra or {})))
# pools, ceil
for k,s,p,H,W in [(2,3,1,5,5),(3,2,1,6,7),(2,2,0,5,4),(4,3,1,6,7),(3,2,0,6,7),(2,3,0,4,7)]:
    add('max_pool2d',{'x':[1,1,H,W]},dict(kernel=k,stride=s,padding=p,ceil_mode=True),lambda x:F.max_pool2d(x,k,s,p,ceil_mode=True))
    for inc in (True,False):
        add('avg_pool2d',{'x':[1,1,H,W]},dict(kernel=k,stride=s,padding=p,ceil_mode=True,count_include_pad=inc),lambda x:F.avg_pool2d(x,k,s,p,ceil_mode=True,count_include_pad=inc))
add('max_pool2d',{'x':[1,1,9,8]},dict(kernel=2,stride=2,dilation=[4,2],padding=[2,1]),lambda x:F.max_pool2d(x,2,2,(1,1) and (1,1),dilation=(4,2)) if False else F.max_pool2d(F.pad(x,(1,1,2,2),value=-1e30),2,2,0,dilation=(4,2)))
for o,H in [(4,10),(3,7),(7,3),(5,5)]:
    add('adaptive_avg_pool1d',{'x':[1,2,H]},dict(output=o),lambda x:F.adaptive_avg_pool1d(x,o))
    add('adaptive_max_pool1d',{'x':[1,2,H]},dict(output=o),lambda x:F.adaptive_max_pool1d(x,o))
add('adaptive_avg_pool2d',{'x':[1,1,5,7]},dict(output=[3,2]),lambda x:F.adaptive_avg_pool2d(x,(3,2)))
# conv
add('conv2d',{'x':[1,2,5,6],'weight':[2,2,3,2],'bias':[2]},dict(padding='same'),lambda x,weight,bias:F.conv2d(x,weight,bias,padding='same'))
add('conv2d',{'x':[1,2,6,6],'weight':[2,2,4,3]},dict(padding='same',dilation=[1,2]),lambda x,weight:F.conv2d(x,weight,padding='same',dilation=(1,2)))
add('conv2d',{'x':[1,4,5,6],'weight':[4,2,3,2],'bias':[4]},dict(groups=2,stride=2,padding=1),lambda x,weight,bias:F.conv2d(x,weight,bias,2,1,1,2))
add('conv_transpose2d',{'x':[1,4,3,3],'weight':[4,2,3,2],'bias':[4]},dict(groups=2,stride=2,padding=1,output_padding=1),lambda x,weight,bias:F.conv_transpose2d(x,weight,bias,2,1,1,2))
add('conv_transpose3d',{'x':[1,2,2,2,2],'weight':[2,2,2,1,2]},dict(stride=[2,1,2],dilation=[2,1,1],padding=[1,0,0]),lambda x,weight:F.conv_transpose3d(x,weight,None,(2,1,2),(1,0,0),0,1,(2,1,1)))
add('conv1d',{'x':[1,2,7],'weight':[2,2,3]},dict(stride=2,dilation=2,padding=1),lambda x,weight:F.conv1d(x,weight,None,2,1,2))
# norms
add('layer_norm',{'x':[2,2,3],'weight':[2,3],'bias':[2,3]},dict(axis=1),lambda x,weight,bias:F.layer_norm(x,(2,3),weight,bias))
add('rms_norm',{'x':[2,4],'weight':[4]},{},lambda x,weight:F.rms_norm(x,(4,),weight,2**-23),extra=dict())
add('group_norm',{'x':[2,4,3],'weight':[4],'bias':[4]},dict(groups=2),lambda x,weight,bias:F.group_norm(x,2,weight,bias))
add('instance_norm',{'x':[2,2,4]},{},lambda x:F.instance_norm(x))
add('batch_norm',{'x':[2,2,3],'mean':[2],'var':[2],'weight':[2]},{},lambda x,mean,var,weight:F.batch_norm(x,mean,var+2,weight) if False else (x-mean[:,None])/torch.sqrt(var[:,None]+1e-5)*weight[:,None]) if False else None
# resize
for size in ([7,3],[3,8],[1,1],[4,6]):
    add('interpolate',{'x':[1,1,4,6]},dict(size=size),lambda x:F.interpolate(x,size=size))
    for mode,tm in (('linear','bilinear'),('cubic','bicubic')):
        for al in (False,True):
            add('interpolate',{'x':[1,1,4,6]},dict(size=size,mode=mode,align_corners=al),lambda x:F.interpolate(x,size=size,mode=tm,align_corners=al))
for sc in ([2.0,2.0],[0.5,1.5],[1.3,0.7],[0.34,2.9]):
    add('interpolate',{'x':[1,1,5,7]},dict(scale=sc),lambda x:F.interpolate(x,scale_factor=tuple(sc)))
    add('interpolate',{'x':[1,1,5,7]},dict(scale=sc,mode='linear'),lambda x:F.interpolate(x,scale_factor=tuple(sc),mode='bilinear'))
    add('interpolate',{'x':[1,1,5,7]},dict(scale=sc,mode='cubic'),lambda x:F.interpolate(x,scale_factor=tuple(sc),mode='bicubic'))
    add('interpolate',{'x':[1,1,5,7]},dict(scale=sc,mode='linear',align_corners=True),lambda x:F.interpolate(x,scale_factor=tuple(sc),mode='bilinear',align_corners=True))
add('interpolate',{'x':[1,2,5]},dict(scale=[2.0],mode='linear'),lambda x:F.interpolate(x,scale_factor=2.0,mode='linear'))
add('pixel_shuffle',{'x':[1,8,2,2]},dict(factor=2),lambda x:F.pixel_shuffle(x,2))
add('pixel_unshuffle',{'x':[1,2,4,4]},dict(factor=2),lambda x:F.pixel_unshuffle(x,2))
# attention
sd=F.scaled_dot_product_attention
add('attention',{'q':[1,2,3,4],'k':[1,2,5,4],'v':[1,2,5,3]},dict(causal=True),lambda q,k,v:sd(q,k,v,is_causal=True))
add('attention',{'q':[1,4,3,4],'k':[1,2,5,4],'v':[1,2,5,3],'mask':[1,1,3,5]},dict(scale=0.7),lambda q,k,v,mask:sd(q,k,v,mask,enable_gqa=True,scale=0.7))
# recurrent
def rec(kind,bi,lengths=None,bias=True,act='tanh'):
    G={'lstm':4,'gru':3,'rnn':1}[kind]; N,T,I,H=2,3,2,2; D=2 if bi else 1
    names=['x','weight_ih','weight_hh']+(['bias_ih','bias_hh'] if bias else [])+((['weight_ih_reverse','weight_hh_reverse']+(['bias_ih_reverse','bias_hh_reverse'] if bias else [])) if bi else [])+['h0']+(['c0'] if kind=='lstm' else [])
    sh={'x':[N,T,I],'h0':[D,N,H],'c0':[D,N,H]}
    for n in names:
        if n.startswith('weight_ih'): sh[n]=[G*H,I]
        if n.startswith('weight_hh'): sh[n]=[G*H,H]
        if n.startswith('bias'): sh[n]=[G*H]
    def fn(**ins):
        cls={'lstm':torch.nn.LSTM,'gru':torch.nn.GRU,'rnn':torch.nn.RNN}[kind]
        m=cls(I,H,batch_first=True,bidirectional=bi,bias=bias,**({'nonlinearity':act} if kind=='rnn' else {}))
        with torch.no_grad():
            for n,v in ins.items():
                if n.startswith(('weight','bias')): getattr(m,n.replace('_reverse','')+'_l0'+('_reverse' if 'reverse' in n else '')).copy_(v)
        st=(ins['h0'],ins['c0']) if kind=='lstm' else ins['h0']
        x=ins['x']
        if lengths: x=torch.nn.utils.rnn.pack_padded_sequence(x,torch.tensor(lengths),batch_first=True,enforce_sorted=False)
        y,s=m(x,st)
        if lengths: y,_=torch.nn.utils.rnn.pad_packed_sequence(y,batch_first=True,total_length=T)
        return [y,*s] if kind=='lstm' else [y,s]
    attrs=dict(direction='bidirectional' if bi else 'forward',**({'activation':act} if kind=='rnn' else {}))
    add(kind,{n:sh[n] for n in names},attrs,fn,extra=dict(lengths=lengths) if lengths else None)
with torch.no_grad():
    for kind in ('lstm','gru','rnn'):
        rec(kind,False); rec(kind,True,[1,3]); rec(kind,False,[3,2],bias=False)
    rec('rnn',False,act='relu')
for c in cases:
    for o in c['outputs']: assert all(math.isfinite(v) for v in o['data']), c['op']
print(len(cases)); json.dump(cases,open('golden.json','w'))
