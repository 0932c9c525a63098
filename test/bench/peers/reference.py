#!/usr/bin/env python3
"""Independent PyTorch reference of PCMC / PCMR on multi-view .mat files: what the toolkit's trained heads are compared with.
usage: reference.py FILE.mat [--loss pcmc|pcmr] [--head linear|mlp] [--seeds 3] [--views 0,1,3] [--threads 2]"""
import argparse, json, time
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from scipy.io import loadmat

def load(path):
    m = loadmat(path); views = None
    key = next((k for k in ('X','data','fea','x') if k in m), None)
    if key is not None and m[key].dtype == object:
        a = m[key].ravel(); views = [np.asarray(v.todense() if hasattr(v,'todense') else v, np.float64) for v in a]
    else:
        views = [np.asarray(m[k].todense() if hasattr(m[k],'todense') else m[k], np.float64) for k in sorted(m) if k[:1].lower()=='x' and k[1:].isdigit()]
    yk = next((k for k in ('Y','gt','truth','y','label','labels','gnd','truelabel') if k in m), None)
    y = m[yk]
    while getattr(y,'dtype',None)==object: y = y.ravel()[0]
    y = np.asarray(y).ravel().astype(int); n = len(y)
    views = [v if v.shape[0]==n else v.T for v in views]
    return views, y

class Mlp(nn.Module):
    def __init__(s,i,d):
        super().__init__(); s.p=nn.Linear(i,d); s.f=nn.Linear(d,d); s.n=nn.LayerNorm(d); s.d=nn.Dropout(.1)
    def forward(s,x): p=s.p(x); return s.n(p+s.d(s.f(F.gelu(p))))

def run(views,y,tr,te,loss,head,seed,dim=128,epochs=60,B=256,lr=1e-3):
    torch.manual_seed(seed); g=np.random.default_rng(seed)
    X=[]
    for v in views:
        mu,sd=v[tr].mean(0),v[tr].std(0); sd[sd<1e-8]=1; X.append(torch.tensor((v-mu)/sd,dtype=torch.float32))
    H=nn.ModuleList([nn.Linear(x.shape[1],dim) if head=='linear' else Mlp(x.shape[1],dim) for x in X])
    ls=nn.Parameter(torch.tensor(np.log(1/.07),dtype=torch.float32)) if loss=='pcmc' else None
    P=list(H.parameters())
    opt=torch.optim.AdamW([{'params':P,'weight_decay':.01}]+([{'params':[ls],'weight_decay':0}] if ls is not None else []),lr=lr)
    steps=epochs*(len(tr)//B); sch=torch.optim.lr_scheduler.CosineAnnealingLR(opt,steps,lr/100); M=len(X)
    for e in range(epochs):
        p=g.permutation(tr)
        for i in range(0,len(p)-B+1,B):
            b=p[i:i+B]; U=[F.normalize(h(x[b]),dim=1) for h,x in zip(H,X)]; L=0; k=0
            for a in range(M):
                for c in range(a+1,M):
                    S=U[a]@U[c].T; k+=1
                    if loss=='pcmc':
                        z=S*ls.clamp(max=np.log(100)).exp(); t=torch.arange(B); L=L+(F.cross_entropy(z,t)+F.cross_entropy(z.T,t))/2
                    else:
                        eye=torch.eye(B,dtype=torch.bool); L=L+((S[eye]-1)**2).mean()+(S[~eye]**2).mean()
            L=L/k; opt.zero_grad(); L.backward(); nn.utils.clip_grad_norm_(P,1.0); opt.step(); sch.step()
    H.eval()
    with torch.no_grad(): E=[F.normalize(h(x[te]),dim=1).double().numpy() for h,x in zip(H,X)]
    return E

def recall(Q,G):
    S=Q@G.T; t=np.diag(S)[:,None]; r=(S>t).sum(1)+((S==t).sum(1)-1)
    return [100*(r<k).mean() for k in (1,5,10)]
def amap(Q,G,y):
    S=Q@G.T; o=np.argsort(-S,1,kind='stable'); R=(y[o]==y[:,None]); c=R.cumsum(1); return float(((c/np.arange(1,R.shape[1]+1))*R).sum(1).__truediv__(R.sum(1)).mean())
if __name__=='__main__':
    a=argparse.ArgumentParser(); a.add_argument('file'); a.add_argument('--loss',default='pcmc'); a.add_argument('--head',default='mlp'); a.add_argument('--seeds',type=int,default=3); a.add_argument('--views'); a.add_argument('--wiki',action='store_true'); a.add_argument('--epochs',type=int,default=60); a.add_argument('--threads',type=int,default=2)
    o=a.parse_args(); torch.set_num_threads(o.threads); views,y=load(o.file)
    if o.views: views=[views[int(i)] for i in o.views.split(',')]
    n=len(y); idx=np.random.default_rng(0).permutation(n); tr,te=(idx[n//5:],idx[:n//5]) if not o.wiki else (np.arange(2173),np.arange(2173,n))
    t0=time.time(); training=0; R=[]; EN=[]; MP=[]
    for s in range(o.seeds):
        t1=time.time(); E=run(views,y,tr,te,o.loss,o.head,s,epochs=o.epochs); training+=time.time()-t1; M=len(E)
        R.append([[recall(E[i],E[j]) if i!=j else [0,0,0] for j in range(M)] for i in range(M)])
        MP.append([[amap(E[i],E[j],y[te]) if i!=j else 0 for j in range(M)] for i in range(M)])
        if M>2: EN.append([recall((lambda v:v/np.linalg.norm(v,axis=1,keepdims=True))(sum(E[k] for k in range(M) if k!=j)),E[j]) for j in range(M)])
    R=np.mean(R,0); M=len(views); off=~np.eye(M,dtype=bool)
    print(json.dumps(dict(file=o.file.split('/')[-1],loss=o.loss,head=o.head,n=n,dims=[v.shape[1] for v in views],test=len(te),avg_r=[round(float(R[off][:,k].mean()),2) for k in range(3)],
      pairs={f'{i}>{j}':[round(float(x),1) for x in R[i,j]] for i in range(M) for j in range(M) if i!=j}, enriched={f'*>{j}':[round(float(x),1) for x in np.mean(EN,0)[j]] for j in range(M)} if EN else None, cmap={f'{i}>{j}':round(float(np.mean(MP,0)[i,j]),3) for i in range(M) for j in range(M) if i!=j}, training_s=round(training,3), evaluation_s=round(time.time()-t0-training,3))))
